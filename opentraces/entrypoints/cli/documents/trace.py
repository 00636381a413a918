"""One trace, and what was done with it, as JSON."""

from typing import Any

from opentraces.application.delete_trace import Deleted
from opentraces.application.get_trace import Gotten
from opentraces.application.restore_trace import Restored
from opentraces.domain.assemble import wire_bytes
from opentraces.domain.ids import canonical_bytes
from opentraces.entrypoints.cli.documents.shared import SCHEMA_VERSION, text_of


def gotten_bytes(gotten: Gotten) -> bytes:
    """`trace get --json`: the TraceRecord, or some of its steps."""
    if gotten.is_whole:
        return wire_bytes(gotten.record)
    return canonical_bytes(
        {
            "schema_version": SCHEMA_VERSION,
            "trace_id": gotten.record.trace_id,
            "steps": [step.as_json() for step in gotten.steps],
            "tool_responses": dict(gotten.responses),
            "inactive": list(gotten.inactive),
            "damage": [text_of(each) for each in gotten.damage],
        }
    )


def tail_bytes(gotten: Gotten) -> bytes:
    """`trace tail --json`: steps of a TraceRecord."""
    return canonical_bytes(
        {
            "schema_version": SCHEMA_VERSION,
            "trace_id": gotten.record.trace_id,
            "steps": [step.as_json() for step in gotten.steps],
        }
    )


def restored_document(restored: Restored) -> dict[str, Any]:
    """`trace restore --json`."""
    return {
        "schema_version": SCHEMA_VERSION,
        "trace_id": restored.trace,
        "files": [text_of(file) for file in restored.files],
        "bytes": restored.bytes,
    }


def deleted_document(deleted: Deleted) -> dict[str, Any]:
    """`trace delete --json`."""
    return {
        "schema_version": SCHEMA_VERSION,
        "trace_id": deleted.trace,
        "forgotten": deleted.behind is None,
    }
