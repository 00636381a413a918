"""Stamps of traces in a dict."""

from collections.abc import Mapping

from opentraces.adapters.memory.bucket import MemoryBucket
from opentraces.domain.ids import TraceId
from opentraces.ports.trace_stamps import TraceStamps


class MemoryTraceStamps(TraceStamps):
    """See TraceStamps. The number of a trace's last commit is its stamp."""

    def __init__(self, bucket: MemoryBucket) -> None:
        self._bucket = bucket

    def stamps(self) -> Mapping[TraceId, str]:
        """See TraceStamps."""
        return {trace: str(kept.envelope.commit) for trace, kept in self._bucket.traces.items()}
