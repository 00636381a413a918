"""Hand on which lines of which commits a session wrote, in the form of Agent Trace."""

from collections.abc import Iterator
from typing import Any

from opentraces.application.resolve_trace import ResolveTrace
from opentraces.domain.copies import copied_steps
from opentraces.domain.slotted import frozen_dataclass
from opentraces.domain.trail.agent_trace import agent_traces
from opentraces.domain.trail.known import known_trail
from opentraces.ports.traces import TraceStore


@frozen_dataclass
class ExportAgentTrace:
    """Hand on which lines of which commits a session wrote, in the form of Agent Trace."""

    traces: TraceStore
    resolve: ResolveTrace
    release: str
    """Of ours."""

    def execute(self, said: str) -> Iterator[dict[str, Any]]:
        """Yield a record for each commit that holds lines of a trace; `said` names the trace.

        Raises TraceNotFound, Ambiguous, Corrupt, StorageUnavailable.
        """
        envelope = self.traces.envelope(self.resolve.execute(said))
        kept = tuple(self.traces.steps(envelope, 1, None))
        copied = copied_steps(kept, envelope.header.replays)
        trail = known_trail(self.traces.trail(envelope), copied)
        steps = {each.step.step_index: each.step for each in kept}
        yield from agent_traces(
            envelope.trace_id, envelope.header.agent, trail, steps, self.release
        )
