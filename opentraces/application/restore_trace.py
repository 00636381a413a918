"""Give a session's files back, byte for byte."""

from opentraces.application.kept_bytes import kept_bytes
from opentraces.application.kept_values import KeptValues
from opentraces.application.resolve_trace import ResolveTrace
from opentraces.domain.context.tree import ContextTree
from opentraces.domain.envelope import KeptSource
from opentraces.domain.errors import BytesReleased
from opentraces.domain.ids import TraceId
from opentraces.domain.slotted import frozen_dataclass
from opentraces.ports.blobs import BlobStore
from opentraces.ports.destination import Destination
from opentraces.ports.traces import TraceStore

_BODIES = "bodies"
"""The folder of requests and responses that were kept."""


@frozen_dataclass
class Restored:
    """What was written."""

    trace: TraceId
    """The trace whose files these are."""

    files: tuple[str, ...]
    """Where each file stands now."""

    bytes: int
    """Bytes of all files."""


@frozen_dataclass
class RestoreTrace:
    """Give a session's files back, byte for byte."""

    traces: TraceStore
    blobs: BlobStore
    resolve: ResolveTrace

    def execute(self, typed: str, destination: Destination) -> Restored:
        """Write every source of a trace; what a rewritten file held before as `<name>.<n>.before`.

        Requests that were kept, and what came back, are in `bodies/`.

        Raises TraceNotFound, BytesReleased, Ambiguous, Corrupt, BadRequest, StorageUnavailable.
        """
        envelope = self.traces.envelope(self.resolve.execute(typed))
        if any(kept.released for kept in envelope.header.sources):
            raise BytesReleased(
                f"the files of {envelope.trace_id} are not kept any more: they were older than "
                f"retention.keep_raw_days → opentraces trace get {envelope.trace_id[:8]}"
            )
        written = []
        for number, kept in enumerate(envelope.header.sources):
            pieces = kept_bytes(self.traces, self.blobs, envelope, number)
            written.append(destination.write(_name(kept), pieces))
        tree = ContextTree.of(self.traces.context(envelope))
        values = KeptValues(self.traces, self.blobs, envelope, tree)
        written += [destination.write(f"{_BODIES}/{n}", [values.body(n)]) for n in tree.bodies]
        size = sum(kept.size for kept in envelope.header.sources)
        size += sum(body.size for body in tree.bodies.values())
        return Restored(envelope.trace_id, tuple(written), size)


def _name(kept: KeptSource) -> str:
    return f"{kept.name}.{kept.generation}.before" if kept.superseded else kept.name
