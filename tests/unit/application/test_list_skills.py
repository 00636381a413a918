"""What sessions used, followed as they grow: the same as if all were counted anew."""

import json
from collections.abc import Callable, Iterable

import pytest

from opentraces.adapters.memory.trace_stamps import MemoryTraceStamps
from opentraces.adapters.memory.use_sums import MemoryUseSums
from opentraces.application.count_session_uses import CountSessionUses
from opentraces.application.list_skills import ListSkills, SkillsAnswer, shown
from opentraces.application.read_trail import ReadTrail
from opentraces.domain.errors import Corrupt, NewerFormat, StorageUnavailable
from opentraces.domain.ids import TraceId
from opentraces.domain.skills.asking import Asked
from opentraces.domain.skills.counted import SessionUses
from tests.memory_world import MemoryWorld, trace_of
from tests.transcript_lines import answered, typed


def calling(name: str, at: int, session: str = "s1", **given: str) -> bytes:
    block = {"type": "tool_use", "id": f"toolu_{at}", "name": name, "input": given}
    return answered(f"call {at}", at=at, session=session, blocks=[block])


def result(of: int, at: int, session: str = "s1", *, failed: bool = False) -> bytes:
    block = {
        "type": "tool_result",
        "tool_use_id": f"toolu_{of}",
        "content": "no" if failed else "ok",
        "is_error": failed,
    }
    return typed([block], at=at, uuid=f"r{at}", session=session)


def loaded(name: str, at: int, session: str = "s1") -> bytes:
    words = f"Base directory for this skill: /s/{name}\n\nDo.\n"
    return typed(words, at=at, uuid=f"m{at}", session=session, isMeta=True)


LINES = [
    typed("<command-message>greet</command-message>\n<command-name>/greet</command-name>", at=0),
    loaded("greet", 1),
    calling("mcp__git__log", 2),
    result(2, 3, failed=True),
    calling("Bash", 4, command="ls"),
    typed("<command-name>/compact</command-name>", at=5, uuid="u5"),
    result(4, 6, failed=True),
    calling("Skill", 7, skill="pdf"),
    result(7, 8),
    calling("Bash", 9, command="make"),
    result(9, 10, failed=True),
]
USED = {
    "tool Bash": (2, 1, 2),
    "command compact": (1, 1, 0),
    "mcp git": (1, 1, 1),
    "skill greet": (1, 1, 0),
    "skill pdf": (1, 1, 0),
    "tool Skill": (1, 1, 0),
    "tool mcp__git__log": (1, 1, 1),
}


class Skills(MemoryWorld):
    """A world that says which traces were counted."""

    def __init__(self) -> None:
        super().__init__()
        self.counted: list[TraceId] = []
        self.refusals: dict[TraceId, Exception] = {}
        self.meanwhile: dict[TraceId, Callable[[], None]] = {}
        trails = ReadTrail(self.traces, self.hooks)
        self._use = CountSessionUses(self.traces, trails)

    def skills(self, asked: Asked | None = None, sums: MemoryUseSums | None = None) -> SkillsAnswer:
        stamps = MemoryTraceStamps(self.bucket)
        use = ListSkills(stamps, self.sums if sums is None else sums, self._count)
        return use.execute(asked or Asked())

    def anew(self) -> SkillsAnswer:
        return self.skills(sums=MemoryUseSums())

    def keep(self, session: str, lines: Iterable[bytes]) -> None:
        self.leave(session, {f"{session}.jsonl": b"".join(lines)})
        self.run()

    def _count(self, trace: TraceId, stamp: str) -> SessionUses:
        if trace in self.refusals:
            raise self.refusals[trace]
        self.counted.append(trace)
        self.meanwhile.get(trace, lambda: None)()
        return self._use.execute(trace, stamp)


def used(answer: SkillsAnswer) -> dict[str, tuple[int, int, int]]:
    """Return how often each thing was used, in how many traces, and how often it failed."""
    return {
        f"{each.kind.value} {each.name}": (
            each.counts.invocations,
            each.traces,
            each.counts.errors,
        )
        for each in answer.skills
    }


@pytest.fixture
def world() -> Skills:
    return Skills()


def test_what_a_session_used_is_counted(world: Skills) -> None:
    world.keep("s1", LINES)

    answer = world.skills()

    assert used(answer) == USED
    assert (answer.sessions, answer.damaged, answer.later, answer.unsaved) == (1, (), (), None)


@pytest.mark.parametrize("cut", range(1, len(LINES)))
def test_a_session_that_grew_is_counted_as_if_it_were_new(world: Skills, cut: int) -> None:
    world.keep("s1", LINES[:cut])
    world.skills()
    world.keep("s1", LINES)

    assert world.skills() == world.anew()
    assert used(world.skills()) == USED


def test_what_did_not_change_is_not_read_again(world: Skills) -> None:
    world.keep("s1", LINES)
    world.keep("s2", [typed("Hi", at=0, session="s2"), calling("Read", 1, "s2")])
    world.skills()
    world.counted.clear()

    world.skills(Asked(project="widgets"))
    assert world.counted == []

    more = [typed("More", at=9, session="s2")]
    world.keep("s2", [typed("Hi", at=0, session="s2"), calling("Read", 1, "s2"), *more])
    world.skills()
    assert world.counted == [trace_of("s2")]


def test_history_that_a_fork_copied_counts_for_the_session_that_had_it_first(
    world: Skills,
) -> None:
    """Whichever was kept first: it is settled after each import."""
    begin = typed("Before", at=0, session="s0", uuid="u0")
    copied = [_of(line, "s2") for line in LINES]
    own = [typed("On", at=20, session="s2"), calling("Bash", 21, "s2")]
    world.keep("s2", [*copied, *own])
    world.skills()

    world.keep("s1", [begin.replace(b'"s0"', b'"s1"').replace(b"T10", b"T09"), *LINES])

    expected = {**USED, "tool Bash": (3, 2, 2)}
    assert used(world.skills()) == expected
    assert used(world.anew()) == expected


def test_what_was_deleted_is_forgotten(world: Skills) -> None:
    world.keep("s1", LINES)
    world.skills()
    world.delete("s1")

    assert world.sums.load() == {}
    assert used(world.skills()) == {}


def test_what_is_deleted_while_others_are_counted_is_forgotten(world: Skills) -> None:
    world.keep("s1", LINES)
    world.keep("s2", [typed("Hi", at=0, session="s2")])
    world.meanwhile[trace_of("s2")] = lambda: world.delete("s1")

    world.skills()

    assert world.counted == [trace_of("s1"), trace_of("s2")]
    assert world.sums.load().keys() == {trace_of("s2")}


def test_what_is_kept_and_no_trace_used_nothing_and_is_not_read_again(world: Skills) -> None:
    world.keep("s1", [b'{"type":"summary","summary":"x","leafUuid":"y"}\n'])

    assert (world.skills().sessions, world.skills().skills) == (0, ())
    assert world.counted == [trace_of("s1")]


@pytest.mark.parametrize("error", [Corrupt("damaged"), NewerFormat("later")])
def test_what_cannot_be_read_is_named_and_the_others_count(world: Skills, error: Exception) -> None:
    world.keep("s1", LINES)
    world.keep("s2", [typed("Hi", at=0, session="s2"), calling("Read", 1, "s2")])
    world.skills()
    world.keep("s1", [*LINES, typed("More", at=20)])
    world.refusals[trace_of("s1")] = error

    answer = world.skills()

    assert used(answer) == {"tool Read": (1, 1, 0)}
    named = answer.damaged if isinstance(error, Corrupt) else answer.later
    assert named == (trace_of("s1"),)
    assert len(answer.damaged) + len(answer.later) == 1


def test_where_nothing_can_be_remembered_it_is_counted_all_the_same(world: Skills) -> None:
    class Full(MemoryUseSums):
        def save(self, sessions: Iterable[SessionUses]) -> None:
            raise StorageUnavailable("no space left")

    world.keep("s1", LINES)

    answer = world.skills(sums=Full())

    assert (used(answer), answer.unsaved) == (USED, "no space left")


def test_so_many_of_each_kind_are_shown(world: Skills) -> None:
    world.keep("s1", LINES)
    skills = world.skills().skills

    assert [each.name for each in shown(skills, 1)] == ["Bash", "compact", "git", "greet"]
    assert list(shown(skills, None)) == list(skills)
    assert list(shown(skills, 0)) == []


def _of(line: bytes, session: str) -> bytes:
    said = json.loads(line)
    return json.dumps({**said, "sessionId": session}).encode() + b"\n"
