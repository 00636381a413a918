"""Which traces a bucket holds."""

from collections.abc import Iterator

from opentraces.adapters.filesystem.kept_files import envelope_name, is_deleted
from opentraces.adapters.filesystem.layout import TRACES, is_trace_id
from opentraces.adapters.filesystem.tree import Tree
from opentraces.domain.ids import TraceId


def trace_ids(bucket: Tree) -> Iterator[TraceId]:
    """Yield every trace that was committed and not deleted, ascending."""
    for prefix in bucket.names(TRACES):
        for name in bucket.names(f"{TRACES}/{prefix}"):
            trace = TraceId(name)
            if name.startswith(prefix) and is_trace_id(name) and _is_kept(bucket, trace):
                yield trace


def _is_kept(bucket: Tree, trace: TraceId) -> bool:
    return bucket.size(envelope_name(trace)) is not None and not is_deleted(bucket, trace)
