"""From what a person typed to one trace."""

from opentraces.domain.errors import Ambiguous, TraceNotFound
from opentraces.domain.ids import SessionId, TraceId, trace_id
from opentraces.domain.session import Agent
from opentraces.domain.slotted import frozen_dataclass
from opentraces.ports.traces import TraceStore

_SHOWN = 5


@frozen_dataclass
class ResolveTrace:
    """From an id, the beginning of one, or a session's own id, to one trace."""

    traces: TraceStore

    def execute(self, typed: str) -> TraceId:
        """Return the trace meant. Raises TraceNotFound, Ambiguous."""
        wanted = typed.lower()
        by_session = {trace_id(agent.value, SessionId(typed)) for agent in Agent}
        matches = []
        for trace in self.traces.ids():
            if trace in by_session or trace == wanted:
                return trace
            if wanted and trace.startswith(wanted):
                matches.append(trace)
        if not matches:
            raise TraceNotFound(f"no trace {typed}: `opentraces trace query` lists what is kept")
        if len(matches) > 1:
            raise Ambiguous(_choice(typed, matches))
        return matches[0]


def _choice(typed: str, matches: list[TraceId]) -> str:
    length = len(typed) + 4
    shown = ", ".join(trace[:length] for trace in matches[:_SHOWN])
    more = ", …" if len(matches) > _SHOWN else ""
    return f"no one trace {typed}: {len(matches)} traces begin with it: {shown}{more}"
