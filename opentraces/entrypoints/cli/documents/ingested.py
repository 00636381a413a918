"""What a worker did, as JSON."""

from collections.abc import Iterable
from typing import Any

from opentraces.application.ingest_events import Ingested
from opentraces.entrypoints.cli.documents.imported import imported_document
from opentraces.entrypoints.cli.documents.shared import SCHEMA_VERSION


def ingested_document(rounds: Iterable[Ingested]) -> dict[str, Any]:
    """`ingest --json`."""
    return {"schema_version": SCHEMA_VERSION, "rounds": [_round(each) for each in rounds]}


def _round(done: Ingested) -> dict[str, Any]:
    imported = imported_document(done.imported)
    imported.pop("schema_version")
    return {
        "agent": done.agent.value,
        "session_id": done.session,
        "events": dict(done.events),
        "left_waiting": done.is_left,
        "imported": imported,
        "git_not_asked": done.unasked,
    }
