"""What was used, as JSON."""

from collections.abc import Iterable
from typing import Any

from opentraces.domain.skills.asking import Used
from opentraces.entrypoints.cli.documents.shared import SCHEMA_VERSION, text_of


def skills_document(skills: Iterable[Used]) -> dict[str, Any]:
    """`trace skills --json`."""
    return {"schema_version": SCHEMA_VERSION, "skills": [_used(used) for used in skills]}


def _used(used: Used) -> dict[str, Any]:
    counts = used.counts
    return {
        "name": used.name,
        "kind": used.kind.value,
        "invocations": counts.invocations,
        "traces": used.traces,
        "errors": counts.errors,
        "errors_after": counts.errors_after,
        "edits": counts.edits,
        "edits_kept": counts.edits_kept,
        "folders": [text_of(folder) for folder in used.folders],
    }
