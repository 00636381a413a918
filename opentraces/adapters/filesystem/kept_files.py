"""A trace's envelope as stored bytes: whether it is there, and not deleted."""

from opentraces.adapters.filesystem.layout import ENVELOPE, is_trace_id, tombstone, trace_folder
from opentraces.adapters.filesystem.tree import Tree
from opentraces.domain.errors import TraceNotFound
from opentraces.domain.ids import TraceId


def envelope_name(trace: TraceId) -> str:
    """Name the envelope of a trace, whose id was checked."""
    return f"{trace_folder(trace)}/{ENVELOPE}"


def is_deleted(bucket: Tree, trace: TraceId) -> bool:
    """Whether a trace has a tombstone: from then on it is not there, whatever is left of it."""
    return is_trace_id(trace) and bucket.size(tombstone(trace)) is not None


def has_lost_envelope(bucket: Tree, state: Tree, trace: TraceId) -> bool:
    """Whether a trace has files and no envelope, and had one: how far it was read is known.

    What an interrupted import leaves of a trace looks like that, too, but for the progress.
    """
    names = bucket.names(trace_folder(trace))
    if not names or ENVELOPE in names or is_deleted(bucket, trace):
        return False
    return state.size(f"progress/{trace[:2]}/{trace}") is not None


def envelope_bytes(bucket: Tree, trace: TraceId) -> bytes:
    """Return the stored envelope, unchecked. Raises TraceNotFound."""
    if is_trace_id(trace) and not is_deleted(bucket, trace):
        stored = bucket.read(envelope_name(trace))
        if stored is not None:
            return stored
    raise TraceNotFound(f"no trace {trace}")
