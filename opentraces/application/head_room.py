"""Whether there is room for what a large import will keep, asked before anything is written."""

from collections.abc import Iterable, Sequence
from typing import Final

from opentraces.domain.amounts import size
from opentraces.domain.errors import Corrupt, NewerFormat, NotFound, StorageUnavailable
from opentraces.domain.ids import trace_id
from opentraces.domain.session import FoundSession
from opentraces.domain.slotted import frozen_dataclass
from opentraces.ports.room import Room
from opentraces.ports.traces import TraceStore

LARGE: Final = 64 * 1024 * 1024
"""Bytes of sessions below which nothing is asked: what fits is kept, and a full disk is said."""

_PERCENT: Final = 80
"""What 100 bytes of a session take at the most: benchmarks hold the bucket to 0.45 of it and the
index to 0.25, and what is remembered of reading it takes 0.06."""


def _needed(found: int) -> int:
    """Return what sessions of so many bytes take at the most: bytes."""
    return found * _PERCENT // 100


@frozen_dataclass
class HeadRoom:
    """Refuses an import that would fill the disk."""

    room: Room
    traces: TraceStore

    home: str
    """The folder of all that is kept."""

    def check(self, sessions: Sequence[FoundSession]) -> None:
        """Look whether they fit in. Reads none of them, and envelopes only where it is tight.

        Raises StorageUnavailable.
        """
        found = sum(session.size for session in sessions)
        if found < LARGE:
            return
        free = self.room.free()
        if free >= _needed(found):
            return
        needed = _needed(self._new_bytes(sessions))
        if free < needed:
            raise StorageUnavailable(
                f"the import may need {size(needed)}, and there are {size(free)} free "
                f"in {self.home}; nothing was kept → make room, or keep less: --project NAME"
            )

    def _new_bytes(self, sessions: Iterable[FoundSession]) -> int:
        """Return how much of them is not kept yet."""
        new = 0
        for session in sessions:
            kept = self._kept(session)
            new += sum(max(file.size - kept.get(file.name, 0), 0) for file in session.files)
        return new

    def _kept(self, session: FoundSession) -> dict[str, int]:
        """Return how much is kept of each file of a session, by name."""
        try:
            envelope = self.traces.envelope(trace_id(session.agent.value, session.session))
        except (Corrupt, NewerFormat, NotFound):
            return {}
        sources = envelope.header.sources
        return {kept.name: kept.size for kept in sources if not kept.superseded}
