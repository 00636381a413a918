"""Whatever workers and imports do while sessions grow, what is kept is what one import keeps."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from hypothesis import event, given, settings
from hypothesis import strategies as st

from opentraces.adapters.memory.index import MemoryIndex
from opentraces.adapters.memory.sessions import MemorySessions
from opentraces.adapters.memory.spool import MemoryEventSpool
from opentraces.domain.ids import SessionId
from opentraces.domain.session import SourceFile
from opentraces.ports.index_writing import IndexUpdate
from tests.memory_world import MemoryWorld, event_line
from tests.transcript_lines import answered, typed

DATA = Path(__file__).parents[1] / "data" / "claude-code" / "live"


class Killed(Exception):
    """The process is no more."""


@dataclass
class Fuse:
    """Kills the process at one of the things it does."""

    left: int | None = None
    """How many more it does. None: it lives."""

    def burn(self) -> None:
        if self.left is not None:
            self.left -= 1
            if self.left < 0:
                raise Killed


class MortalSessions(MemorySessions):
    def __init__(self, fuse: Fuse) -> None:
        super().__init__()
        self._fuse = fuse

    def read(self, file: SourceFile, offset: int) -> Iterator[bytes]:
        self._fuse.burn()
        return super().read(file, offset)


class MortalSpool(MemoryEventSpool):
    def __init__(self, fuse: Fuse) -> None:
        super().__init__()
        self._fuse = fuse

    def clear(self, session: SessionId, length: int) -> bool:
        self._fuse.burn()
        cleared = super().clear(session, length)
        self._fuse.burn()
        return cleared


class MortalIndex(MemoryIndex):
    def __init__(self, fuse: Fuse) -> None:
        super().__init__()
        self._fuse = fuse

    @contextmanager
    def updating(self) -> Iterator[IndexUpdate]:
        self._fuse.burn()
        with super().updating() as update:
            yield update
            self._fuse.burn()


class MortalWorld(MemoryWorld):
    """A machine whose processes may be killed."""

    def __init__(self) -> None:
        self.fuse = Fuse()
        super().__init__(
            agent=MortalSessions(self.fuse),
            spool=MortalSpool(self.fuse),
            index=MortalIndex(self.fuse),
        )

    def killed_after(self, things: int | None, run: Callable[[], object]) -> None:
        """Run a process that is killed when it did so many things. None: it is not."""
        self.fuse.left = things
        try:
            run()
        except Killed:
            event("killed")
        self.fuse.left = None


@dataclass(frozen=True)
class Story:
    """Sessions as they are in the end: their files, and what hooks wrote of them."""

    files: Mapping[str, Mapping[str, bytes]]
    """By session and name."""

    events: Mapping[str, tuple[bytes, ...]]
    """Lines, by session."""

    place: str = ""
    """What stands before each name where the agent keeps them."""


@dataclass
class Playing:
    """A story of which a part was told."""

    story: Story
    world: MortalWorld = field(default_factory=MortalWorld)
    shares: dict[str, float] = field(default_factory=dict)
    told: dict[str, int] = field(default_factory=dict)

    def grow(self, session: str, share: float) -> None:
        """Let the agent write up to a share of each file."""
        files = self.story.files[session]
        so_far = {}
        for name, data in files.items():
            self.shares[name] = max(self.shares.get(name, 0.0), share)
            whole = name.endswith(".json")
            so_far[name] = data if whole else data[: round(len(data) * self.shares[name])]
        there = {name: data for name, data in so_far.items() if data}
        self.world.leave(session, there, self.story.place)

    def tell(self, session: str, number: int) -> None:
        """Let hooks write some more events down."""
        begin = self.told.get(session, 0)
        for line in self.story.events[session][begin : begin + number]:
            self.world.spool.write(SessionId(session), line)
        self.told[session] = begin + number

    def end(self) -> MemoryWorld:
        """Tell the rest, and look at everything once more."""
        for session in self.story.files:
            self.grow(session, 1.0)
            self.tell(session, len(self.story.events[session]))
        self.world.ingest()
        self.world.run()
        return self.world


def at_once(story: Story) -> MemoryWorld:
    """Import a story after its end."""
    playing = Playing(story)
    for session in story.files:
        playing.grow(session, 1.0)
        playing.tell(session, len(story.events[session]))
    playing.world.run()
    return playing.world


def play(data: st.DataObject, story: Story) -> MemoryWorld:
    """Tell a story piece by piece, while processes come and go, and are killed."""
    playing = Playing(story)
    sessions = st.sampled_from(sorted(story.files))
    lives = st.none() | st.integers(0, 12)
    for _ in range(data.draw(st.integers(0, 10))):
        act = data.draw(st.sampled_from(["grow", "tell", "ingest", "import", "search"]))
        if act == "grow":
            playing.grow(data.draw(sessions), data.draw(st.floats(0, 1)))
        elif act == "tell":
            playing.tell(data.draw(sessions), data.draw(st.integers(1, 4)))
        else:
            process = process_of(playing.world, act, data.draw(st.none() | sessions))
            playing.world.killed_after(data.draw(lives), process)
    return playing.end()


def process_of(world: MortalWorld, act: str, session: str | None) -> Callable[[], object]:
    if act == "ingest":
        return lambda: world.ingest(session)
    return world.run if act == "import" else world.catch_up.execute


def assert_same(found: MemoryWorld, expected: MemoryWorld, story: Story, word: str) -> None:
    assert found.records() == expected.records()
    for session, files in story.files.items():
        events = {f"hooks/{session}.jsonl": b"".join(story.events[session])}
        assert found.restored(session) == {**files, **events}
    assert found.spool.waiting() == ()
    assert not found.markers.marked()
    assert found.query(word).total == expected.query(word).total > 0


def _calls(*names: str) -> list[dict[str, object]]:
    return [
        {"type": "tool_use", "id": name, "name": "Bash", "input": {"command": name}}
        for name in names
    ]


MAIN = b"".join(
    typed(f"Ask {n}", at=10 * n)
    + answered(f"Say {n}", at=10 * n + 3, blocks=_calls(f"{n}a", f"{n}b"))
    for n in range(5)
)
HELPERS = [
    b"".join(
        answered(f"Help {agent}{n}", at=10 * n + agent, isSidechain=True, agentId=f"a{agent}")
        for n in range(3)
    )
    for agent in (4, 6)
]
FORK = (
    b'{"type":"queue-operation","operation":"enqueue","timestamp":"2026-11-01T11:00:00Z",'
    b'"sessionId":"s2"}\n'
    + MAIN.replace(b'"s1"', b'"s2"')
    + answered("Forked", at=99, session="s2")
)


def _events(session: str) -> Iterator[bytes]:
    yield event_line(session, "SessionStart")
    for n in range(5):
        yield event_line(session, "UserPromptSubmit")
        given_input = {"command": f"{n}a"}
        yield event_line(session, "PermissionRequest", tool_name="Bash", tool_input=given_input)
        yield event_line(
            session, "PostToolUse", tool_use_id=f"{n}a", tool_response=n, duration_ms=n
        )
        yield event_line(session, "PostToolUseFailure", tool_use_id=f"{n}b", error="broke")
        yield event_line(session, "Stop")
    yield event_line(session, "SessionEnd")


MADE = Story(
    files={
        "s1": {
            "s1.jsonl": MAIN,
            "s1/subagents/agent-a4.jsonl": HELPERS[0],
            "s1/subagents/agent-a4.meta.json": b'{"agentType":"Explore"}',
            "s1/subagents/agent-a6.jsonl": HELPERS[1],
        },
        "s2": {"s2.jsonl": FORK},
    },
    events={"s1": tuple(_events("s1")), "s2": tuple(_events("s2"))},
)
MADE_AT_ONCE = at_once(MADE)


def _real_stories() -> Iterator[tuple[str, Story]]:
    """Yield the sessions that real hooks watched, the largest left out."""
    for spool in sorted(DATA.glob("spool/claude-code/*.jsonl")):
        [path] = DATA.glob(f"projects/*/{spool.stem}.jsonl")
        if path.stat().st_size < 90_000:
            files = {str(path.relative_to(DATA)): path.read_bytes()}
            lines = tuple(spool.read_bytes().splitlines(keepends=True))
            story = Story({spool.stem: files}, {spool.stem: lines}, "/home/dev/.claude/")
            yield spool.stem, story


REAL = dict(_real_stories())


def test_what_one_import_keeps_is_what_happened() -> None:
    record = MADE_AT_ONCE.record("s1")
    calls = [call for step in record.steps for call in step.tool_calls]
    errors = [seen.error for step in record.steps for seen in step.observations]

    assert [call.duration_ms for call in calls] == [0, None, 1, None, 2, None, 3, None, 4, None]
    assert errors == [None, "broke"] * 5
    asked = record.metadata["hooks"]["permissions"]
    assert [row["tool_call_id"] for row in asked] == ["0a", "1a", "2a", "3a", "4a"]
    assert MADE_AT_ONCE.record("s2").metrics.total_output_tokens == 2


@given(data=st.data())
@settings(deadline=None)
def test_made_sessions_in_any_order_of_things_are_the_sessions_at_once(data: st.DataObject) -> None:
    found = play(data, MADE)

    assert_same(found, MADE_AT_ONCE, MADE, "forked")


@given(data=st.data(), name=st.sampled_from(sorted(REAL)))
@settings(deadline=None)
def test_real_session_in_any_order_of_things_is_the_session_at_once(
    data: st.DataObject, name: str
) -> None:
    story = REAL[name]

    found = play(data, story)

    assert_same(found, at_once(story), story, "agent:claude-code")
