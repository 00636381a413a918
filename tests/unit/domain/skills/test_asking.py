"""Which sessions count, and their sums."""

import pytest

from opentraces.domain.ids import TraceId
from opentraces.domain.skills.asking import Asked, Used, asked_for, summed
from opentraces.domain.skills.counted import Counts, SessionUses, UseCounts
from opentraces.domain.skills.use import Kind


def session(name: str, agent: str, folder: str, ended: int, *uses: UseCounts) -> SessionUses:
    return SessionUses(TraceId(name), "1", agent, folder, ended, uses)


def use(kind: Kind, name: str, *counts: int) -> UseCounts:
    return UseCounts(kind, name, Counts(*counts))


SESSIONS = [
    session("a", "claude-code", "/home/dev/widgets", 100, use(Kind.TOOL, "Bash", 3, 1)),
    session(
        "b",
        "pi",
        "/home/dev/widgets/app",
        200,
        use(Kind.SKILL, "greet", 1, 0, 2, 3, 1),
        use(Kind.TOOL, "Bash", 4, 0),
    ),
    session("c", "claude-code", "/home/dev/my_widgets-old", 0, use(Kind.MCP, "git", 7)),
    session("d", "claude-code", "", 300),
]


@pytest.mark.parametrize(
    ("asked", "names"),
    [
        (Asked(), "abcd"),
        (Asked(agent="pi"), "b"),
        (Asked(agent="hermes"), ""),
        (Asked(project="widgets"), "abc"),
        (Asked(project="Widgets app"), "b"),
        (Asked(project="idget"), ""),
        (Asked(project="/home/dev/widgets"), "ab"),
        (Asked(project="/home/*/widgets"), "ab"),
        (Asked(project="-"), ""),
        (Asked(since=99), "abd"),
        (Asked(since=100), "bd"),
        (Asked(agent="claude-code", project="widgets", since=0), "a"),
    ],
)
def test_the_sessions_that_are_asked_for_count(asked: Asked, names: str) -> None:
    assert [each.trace for each in asked_for(asked, SESSIONS)] == list(names)


def test_sums_are_most_used_first() -> None:
    assert summed(Asked(), SESSIONS) == (
        Used(Kind.MCP, "git", 1, ("/home/dev/my_widgets-old",), Counts(7)),
        Used(Kind.TOOL, "Bash", 2, ("/home/dev/widgets/app", "/home/dev/widgets"), Counts(7, 1)),
        Used(Kind.SKILL, "greet", 1, ("/home/dev/widgets/app",), Counts(1, 0, 2, 3, 1)),
    )


def test_one_kind_may_be_asked_for() -> None:
    assert [each.name for each in summed(Asked(Kind.SKILL), SESSIONS)] == ["greet"]
    assert summed(Asked(Kind.COMMAND), SESSIONS) == ()
