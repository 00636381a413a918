"""Read one kept trace: whole, or some of its steps."""

from dataclasses import dataclass

from opentraces.application.resolve_trace import ResolveTrace
from opentraces.domain.address import Address
from opentraces.domain.assemble import assemble
from opentraces.domain.envelope import Envelope
from opentraces.domain.errors import StepNotFound
from opentraces.domain.step import Step
from opentraces.domain.trace import TraceRecord
from opentraces.ports.traces import TraceStore


@dataclass(frozen=True, slots=True)
class Gotten:
    """A trace, and which of its steps were asked for."""

    record: TraceRecord
    """The whole trace."""

    steps: tuple[Step, ...]
    """The steps meant; all of them, when the address names none."""

    is_whole: bool
    """Whether the address names the trace as a whole."""


@dataclass(frozen=True, slots=True)
class GetTrace:
    """Read one kept trace: whole, or some of its steps."""

    traces: TraceStore
    resolve: ResolveTrace

    def execute(self, address: Address) -> Gotten:
        """Raises TraceNotFound, StepNotFound, Ambiguous, Corrupt, StorageUnavailable."""
        envelope = self.traces.envelope(self.resolve.execute(address.trace))
        record = assemble(envelope, tuple(self.traces.steps(envelope, 1, None)))
        if address.first is None:
            return Gotten(record, record.steps, is_whole=True)
        first, last = _bounds(address, envelope)
        steps = tuple(step for step in record.steps if first <= step.step_index <= last)
        return Gotten(record, steps, is_whole=False)


def _bounds(address: Address, envelope: Envelope) -> tuple[int, int]:
    count = envelope.header.steps
    first = count if address.first == -1 else address.first or 1
    last = first if address.last is None else address.last
    if not 1 <= first <= count:
        raise StepNotFound(f"no step {first} in {envelope.trace_id}: it has {count}")
    return first, last
