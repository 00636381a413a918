"""What an import did, as JSON."""

from collections.abc import Sequence
from typing import Any

from opentraces.application.imported import Imported, Left
from opentraces.entrypoints.cli.documents.shared import SCHEMA_VERSION, text_of


def imported_document(imported: Imported) -> dict[str, Any]:
    """`import --json`."""
    return {
        "schema_version": SCHEMA_VERSION,
        "kept": imported.kept,
        "unchanged": imported.unchanged,
        "failed": left_rows((*imported.failed, *imported.alien)),
        "skipped": left_rows(imported.skipped),
        "lines": {
            "recognised": imported.lines.recognised,
            "unknown": imported.lines.unknown,
            "bad": imported.lines.bad,
        },
        "usage": {
            "responses": imported.usage.responses,
            "replays_skipped": imported.usage.replays_skipped,
        },
    }


def left_rows(rows: Sequence[Left]) -> list[dict[str, str]]:
    """Sessions and files that were left, and why."""
    return [{"path": text_of(left.path), "reason": text_of(left.reason)} for left in rows]
