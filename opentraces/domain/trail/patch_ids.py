"""What a patch is called: the same whenever, wherever and in however many parts it is read."""

from opentraces.domain.ids import StepKey, TraceId, content_id
from opentraces.domain.trail.file_change import FileChange


def patch_id_of(trace: TraceId, step: StepKey, change: FileChange) -> str:
    """Return 64 hex digits, over what was changed and where; not over how that came to be known."""
    return content_id(
        {
            "trace": trace,
            "step": step,
            "call": change.call,
            "number": change.number,
            "path": change.path,
            "moved_from": change.moved_from,
            "operation": change.operation,
        }
    )
