"""What nothing needs any more, as JSON."""

from typing import Any

from opentraces.domain.garbage import Garbage, GarbageKind, Heap
from opentraces.entrypoints.cli.documents.shared import SCHEMA_VERSION, text_of


def garbage_document(found: Garbage, days: int, *, dry_run: bool) -> dict[str, Any]:
    """`bucket gc --json`."""
    return {
        "schema_version": SCHEMA_VERSION,
        "dry_run": dry_run,
        "grace_days": days,
        "garbage": {kind.value: found.heaps.get(kind, Heap())._asdict() for kind in GarbageKind},
        "problems": [
            {"kind": problem.kind, "path": text_of(problem.path), "trace_id": problem.trace}
            for problem in found.problems
        ],
    }
