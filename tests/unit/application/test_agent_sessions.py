"""Several agents' sessions, as those of one."""

from collections.abc import Iterator

import pytest

from opentraces.application.agent_sessions import AgentSessions
from opentraces.domain.errors import SourceGone, SourceUnreadable
from opentraces.domain.ids import SessionId
from opentraces.domain.session import Agent, FoundSession, Scope, SourceFile, SourceKind
from opentraces.ports.sessions import SessionSource


class Left(SessionSource):
    """What one agent left, by place."""

    def __init__(self, agent: Agent, **files: bytes) -> None:
        self.agent = agent
        self.files = files

    def discover(self, scope: Scope) -> Iterator[FoundSession]:
        """See SessionSource."""
        for place in scope.places:
            if place not in self.files:
                raise SourceUnreadable(f"{place}: no {self.agent.value} session in it")
        for place in scope.places or self.files:
            name = f"{place}.jsonl"
            file = SourceFile(name, SourceKind.TRANSCRIPT, place, len(self.files[place]), "1")
            yield FoundSession(self.agent, SessionId(place), (file,))

    def read(self, file: SourceFile, offset: int) -> Iterator[bytes]:
        """See SessionSource."""
        if file.location not in self.files:
            raise SourceGone(file.location)
        if rest := self.files[file.location][offset:]:
            yield rest


CODEX = Left(Agent.CODEX_CLI, a=b"one", both=b"mine", empty=b"")
CLAUDE = Left(Agent.CLAUDE_CODE, b=b"two", both=b"mine")
ALL = AgentSessions({Agent.CODEX_CLI: CODEX, Agent.CLAUDE_CODE: CLAUDE})


def found(*places: str) -> list[tuple[Agent, str]]:
    return [(each.agent, each.session) for each in ALL.discover(Scope(places=places))]


def test_every_agent_is_looked_at() -> None:
    agents = [agent for agent, _ in found()]

    assert set(agents) == {Agent.CODEX_CLI, Agent.CLAUDE_CODE}


def test_a_place_is_that_of_whoever_has_sessions_in_it() -> None:
    assert found("a", "b") == [(Agent.CODEX_CLI, "a"), (Agent.CLAUDE_CODE, "b")]
    assert found("b") == [(Agent.CLAUDE_CODE, "b")]


def test_a_file_that_two_take_for_theirs_is_the_first_one_s() -> None:
    assert found("both") == [(Agent.CODEX_CLI, "both")]


def test_a_place_that_holds_nobody_s_is_refused_in_the_words_of_all() -> None:
    with pytest.raises(
        SourceUnreadable, match=r"^no: no codex-cli session in it; no claude-code session in it$"
    ):
        found("a", "no")


@pytest.mark.parametrize(("location", "data"), [("a", b"ne"), ("b", b"wo"), ("empty", b"")])
def test_a_file_is_read_by_whoever_has_it(location: str, data: bytes) -> None:
    file = SourceFile("x", SourceKind.TRANSCRIPT, location, 0, "")

    assert b"".join(ALL.read(file, 1)) == data


def test_a_file_that_nobody_has_is_gone() -> None:
    with pytest.raises(SourceGone):
        ALL.read(SourceFile("x", SourceKind.TRANSCRIPT, "nowhere", 0, ""), 0)
