"""What a repair did, as JSON."""

from collections.abc import Iterable
from typing import Any

from opentraces.domain.mending import Mend, Repaired
from opentraces.entrypoints.cli.documents.shared import SCHEMA_VERSION, text_of


def repaired_document(done: Repaired) -> dict[str, Any]:
    """`bucket repair --json`."""
    return {
        "schema_version": SCHEMA_VERSION,
        "dry_run": done.dry_run,
        "ok": done.ok,
        "checked": {"traces": done.traces, "files": done.files, "bytes": done.bytes},
        "mended": _rows(done.mended),
        "left": _rows(done.left),
        "later": _rows(done.later),
        "quarantine": [text_of(path) for path in done.aside],
        "reprojected": done.anew,
        "searchable": done.behind is None,
    }


def _rows(rows: Iterable[Mend]) -> list[dict[str, Any]]:
    return [
        {"path": text_of(each.path), "trace_id": each.trace, "text": text_of(each.text)}
        for each in rows
    ]
