"""What was found of an installation, as JSON."""

from typing import Any

from opentraces.application.diagnosing.diagnose import Diagnosis
from opentraces.domain.health import Check
from opentraces.entrypoints.cli.documents.shared import SCHEMA_VERSION, text_of


def diagnosis_document(diagnosis: Diagnosis) -> dict[str, Any]:
    """`doctor --json`."""
    return {
        "schema_version": SCHEMA_VERSION,
        "ok": diagnosis.ok,
        "checks": [_check(check) for check in diagnosis.checks],
        "mended": [text_of(text) for text in diagnosis.mended],
    }


def _check(check: Check) -> dict[str, str | None]:
    return {
        "topic": check.topic,
        "level": check.level.value,
        "text": text_of(check.text),
        "advice": None if check.advice is None else text_of(check.advice),
    }
