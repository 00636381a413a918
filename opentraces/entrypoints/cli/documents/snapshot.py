"""What a snapshot did, as JSON."""

from pathlib import Path
from typing import Any

from opentraces.domain.snapshot import SnapshotTaken
from opentraces.entrypoints.cli.documents.shared import SCHEMA_VERSION, text_of


def snapshot_document(taken: SnapshotTaken, place: Path) -> dict[str, Any]:
    """`bucket snapshot --json`."""
    return {
        "schema_version": SCHEMA_VERSION,
        "path": text_of(str(place)),
        "traces": taken.traces,
        "written": taken.written,
        "unchanged": taken.unchanged,
        "deleted": taken.deleted,
        "bytes": taken.bytes,
        "left_out": [
            {
                "trace_id": each.trace,
                "kind": each.fate.value,
                "reason": text_of(each.reason or ""),
            }
            for each in taken.left_out
        ],
    }
