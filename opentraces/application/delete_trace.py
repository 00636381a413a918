"""Remove a trace for good, from everywhere."""

from opentraces.application.catch_up import CatchUp
from opentraces.application.resolve_trace import ResolveTrace
from opentraces.domain.ids import TraceId
from opentraces.domain.slotted import frozen_dataclass
from opentraces.ports.progress import ProgressStore
from opentraces.ports.trace_writing import TraceWriter
from opentraces.ports.use_sums import UseSums


@frozen_dataclass
class Deleted:
    """What was removed."""

    trace: TraceId
    """It; no import brings it back."""

    behind: str | None
    """Why searches have not forgotten it yet, in words. None: they have."""


@frozen_dataclass
class DeleteTrace:
    """Remove a trace for good, from everywhere."""

    writer: TraceWriter
    progress: ProgressStore
    catch_up: CatchUp
    resolve: ResolveTrace
    sums: UseSums

    def execute(self, typed: str) -> Deleted:
        """Durable on return. Raises TraceNotFound, Ambiguous, StorageUnavailable."""
        trace = self.resolve.execute(typed)
        self.writer.delete(trace)
        self.progress.forget(trace)
        self.sums.forget(trace)
        return Deleted(trace, self.catch_up.attempt())
