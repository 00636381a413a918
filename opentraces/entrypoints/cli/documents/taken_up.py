"""What became of a session's telemetry, as JSON."""

from typing import Any

from opentraces.application.take_up_telemetry import TakenUp, TakeUpRequest
from opentraces.entrypoints.cli.documents.imported import left_rows
from opentraces.entrypoints.cli.documents.shared import SCHEMA_VERSION, text_of


def taken_up_document(request: TakeUpRequest, done: TakenUp) -> dict[str, Any]:
    """`capture-otlp flush --json`."""
    return {
        "schema_version": SCHEMA_VERSION,
        "session": text_of(request.session),
        "agent": done.agent.value,
        "trace_id": done.trace,
        "changed": done.imported.kept > 0,
        "failed": left_rows(done.imported.failed),
        "spooled_bytes": done.left_bytes,
    }
