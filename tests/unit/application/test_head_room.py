"""A large import that would fill the disk is refused; nothing else is."""

import pytest

from opentraces.adapters.memory.traces import MemoryTraceStore
from opentraces.application.head_room import LARGE, HeadRoom
from opentraces.domain.envelope import Envelope
from opentraces.domain.errors import StorageUnavailable
from opentraces.domain.ids import SessionId, TraceId
from opentraces.domain.session import Agent, FoundSession, SourceFile, SourceKind
from opentraces.ports.room import Room
from tests.memory_world import MemoryWorld, trace_of
from tests.transcript_lines import answered, typed

HOME = "/home/dev/.opentraces"
NEEDED = LARGE * 4 // 5


class SomeRoom(Room):
    """So many bytes are free; counts how often that is asked."""

    def __init__(self, free: int) -> None:
        self._free = free
        self.asked = 0

    def free(self) -> int:
        """See Room."""
        self.asked += 1
        return self._free


class CountedTraces(MemoryTraceStore):
    """Counts the envelopes that are read."""

    read = 0

    def envelope(self, trace: TraceId) -> Envelope:
        """See TraceStore."""
        self.read += 1
        return super().envelope(trace)


def left(size: int, session: str = "s1") -> FoundSession:
    """Return a session of which one file of so many bytes was found."""
    file = SourceFile(f"{session}.jsonl", SourceKind.TRANSCRIPT, f"/{session}.jsonl", size, "1")
    return FoundSession(Agent.CLAUDE_CODE, SessionId(session), (file,))


@pytest.fixture
def traces() -> CountedTraces:
    """What is kept: one session."""
    world = MemoryWorld()
    world.leave("kept", {"kept.jsonl": typed("Fix it", at=0) + answered("Done", at=2)})
    world.run()
    return CountedTraces(world.bucket)


def kept_bytes(traces: CountedTraces) -> int:
    return traces.envelope(trace_of("kept")).plain_bytes


def test_a_small_import_asks_for_nothing(traces: CountedTraces) -> None:
    room = SomeRoom(0)

    HeadRoom(room, traces, HOME).check([left(LARGE - 1)])

    assert (room.asked, traces.read) == (0, 0)


def test_what_fits_in_is_not_looked_at_closely(traces: CountedTraces) -> None:
    room = SomeRoom(NEEDED + 1)

    HeadRoom(room, traces, HOME).check([left(LARGE // 2), left(LARGE // 2, "s2")])

    assert (room.asked, traces.read) == (1, 0)


def test_what_does_not_fit_in_is_refused_with_what_it_takes(traces: CountedTraces) -> None:
    with pytest.raises(StorageUnavailable) as raised:
        HeadRoom(SomeRoom(5_000_000), traces, HOME).check([left(LARGE)])

    assert str(raised.value) == (
        f"the import may need 54 MB, and there are 5.0 MB free in {HOME}; nothing was kept "
        "→ make room, or keep less: --project NAME"
    )


@pytest.mark.parametrize("missing", [0, 1])
def test_what_is_kept_already_takes_no_room(missing: int, traces: CountedTraces) -> None:
    new = LARGE - kept_bytes(traces)
    head_room = HeadRoom(SomeRoom(new * 4 // 5 - missing), traces, HOME)

    if missing:
        with pytest.raises(StorageUnavailable):
            head_room.check([left(LARGE, "kept")])
    else:
        head_room.check([left(LARGE, "kept")])
