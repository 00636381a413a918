"""What each session used, in a dict."""

from collections.abc import Iterable, Mapping

from opentraces.domain.ids import TraceId
from opentraces.domain.skills.counted import SessionUses
from opentraces.ports.use_sums import UseSums


class MemoryUseSums(UseSums):
    """Sums of one process."""

    def __init__(self) -> None:
        self._sessions: dict[TraceId, SessionUses] = {}

    def load(self) -> Mapping[TraceId, SessionUses]:
        """See UseSums."""
        return dict(self._sessions)

    def save(self, sessions: Iterable[SessionUses]) -> None:
        """See UseSums."""
        self._sessions = {session.trace: session for session in sessions}

    def forget(self, trace: TraceId) -> None:
        """See UseSums."""
        self._sessions.pop(trace, None)
