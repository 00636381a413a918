"""What every SessionSource keeps to."""

from pathlib import PurePosixPath
from typing import Protocol

import pytest

from opentraces.domain.errors import SourceGone, SourceUnreadable
from opentraces.domain.ids import SessionId
from opentraces.domain.session import FoundSession, Scope, SourceKind
from opentraces.ports.sessions import SessionSource

A = SessionId("0a3c5f0e-1111-4111-8111-000000000001")
B = SessionId("f14fc1d2-1111-4111-8111-000000000002")
API = "/home/dev/work/api"
WEB = "/home/dev/work/web"
MIB = 1 << 20


class AgentAtWork(Protocol):
    """An agent that leaves sessions where the source looks."""

    @property
    def source(self) -> SessionSource:
        """What finds them."""

    def begin(self, session: SessionId, folder: str) -> bytes:
        """Leave a session of one file, begun in `folder`; returns the file's bytes."""

    def say(self, session: SessionId, text: str) -> bytes:
        """Append a line that holds `text`; returns it."""

    def rewrite(self, session: SessionId) -> bytes:
        """Put other bytes of the same length in the file's place; returns them."""

    def remove(self, session: SessionId) -> None:
        """Remove the file."""


def found(agent: AgentAtWork, scope: Scope | None = None) -> list[FoundSession]:
    return sorted(agent.source.discover(scope or Scope()), key=lambda one: one.session)


def names(agent: AgentAtWork, scope: Scope) -> list[SessionId]:
    return [one.session for one in found(agent, scope)]


def whole(agent: AgentAtWork, session: FoundSession, offset: int = 0) -> bytes:
    return b"".join(agent.source.read(session.files[0], offset))


class SessionSourceContract:
    @pytest.fixture
    def agent(self) -> AgentAtWork:
        raise NotImplementedError("give an agent that left nothing yet")

    def test_nothing_is_found_at_first(self, agent: AgentAtWork) -> None:
        assert found(agent) == []

    def test_every_session_is_found_once(self, agent: AgentAtWork) -> None:
        agent.begin(A, API)
        agent.begin(B, WEB)

        assert names(agent, Scope()) == [A, B]

    def test_the_transcript_comes_first_with_a_name_to_restore_it_by(
        self, agent: AgentAtWork
    ) -> None:
        agent.begin(A, API)

        (session,) = found(agent)
        name = PurePosixPath(session.files[0].name)

        assert session.files[0].kind is SourceKind.TRANSCRIPT
        assert not name.is_absolute()
        assert ".." not in name.parts

    def test_size_is_that_of_the_bytes(self, agent: AgentAtWork) -> None:
        data = agent.begin(A, API)

        (session,) = found(agent)

        assert session.files[0].size == len(data)
        assert whole(agent, session) == data

    def test_a_second_look_sees_the_same(self, agent: AgentAtWork) -> None:
        agent.begin(A, API)
        agent.begin(B, WEB)

        assert found(agent) == found(agent)

    def test_an_append_changes_size_and_stamp_and_keeps_the_name(self, agent: AgentAtWork) -> None:
        before_bytes = agent.begin(A, API)
        (before,) = found(agent)
        line = agent.say(A, "one more")
        (after,) = found(agent)

        assert after.files[0].name == before.files[0].name
        assert after.files[0].stamp != before.files[0].stamp
        assert after.files[0].size == len(before_bytes + line)
        assert whole(agent, after, before.files[0].size) == line

    def test_other_bytes_of_the_same_length_change_the_stamp(self, agent: AgentAtWork) -> None:
        agent.begin(A, API)
        (before,) = found(agent)
        data = agent.rewrite(A)
        (after,) = found(agent)

        assert after.files[0].stamp != before.files[0].stamp
        assert whole(agent, after) == data

    def test_reading_goes_on_to_what_was_written_since_it_was_found(
        self, agent: AgentAtWork
    ) -> None:
        data = agent.begin(A, API)
        (session,) = found(agent)
        line = agent.say(A, "meanwhile")

        assert whole(agent, session) == data + line

    def test_reading_from_the_end_or_beyond_yields_nothing(self, agent: AgentAtWork) -> None:
        data = agent.begin(A, API)
        (session,) = found(agent)

        assert list(agent.source.read(session.files[0], len(data))) == []
        assert list(agent.source.read(session.files[0], len(data) + 10)) == []

    def test_pieces_are_of_at_most_a_mebibyte_and_none_is_empty(self, agent: AgentAtWork) -> None:
        data = agent.begin(A, API) + agent.say(A, "x" * (2 * MIB + 10))
        (session,) = found(agent)
        pieces = list(agent.source.read(session.files[0], 5))

        assert all(0 < len(piece) <= MIB for piece in pieces)
        assert b"".join(pieces) == data[5:]

    def test_a_file_that_went_is_gone(self, agent: AgentAtWork) -> None:
        agent.begin(A, API)
        (session,) = found(agent)
        agent.remove(A)

        with pytest.raises(SourceGone):
            list(agent.source.read(session.files[0], 0))
        assert found(agent) == []

    def test_folders_mean_sessions_begun_in_them_or_below(self, agent: AgentAtWork) -> None:
        agent.begin(A, API)
        agent.begin(B, WEB)

        assert names(agent, Scope(folders=(API,))) == [A]
        assert names(agent, Scope(folders=("/home/dev/work",))) == [A, B]
        assert names(agent, Scope(folders=("/home/dev/work/a",))) == []
        assert names(agent, Scope(folders=(API, WEB))) == [A, B]

    def test_a_project_is_a_working_directory_or_its_name(self, agent: AgentAtWork) -> None:
        agent.begin(A, API)
        agent.begin(B, WEB)

        assert names(agent, Scope(project=API)) == [A]
        assert names(agent, Scope(project="web")) == [B]
        assert names(agent, Scope(project="work")) == []

    def test_a_place_is_a_file_of_a_session(self, agent: AgentAtWork) -> None:
        agent.begin(A, API)
        agent.begin(B, WEB)
        first = found(agent)[0]

        assert names(agent, Scope(places=(first.location,))) == [A]
        assert names(agent, Scope(places=(first.location,), project="web")) == []

    def test_a_place_with_no_session_is_an_error(self, agent: AgentAtWork) -> None:
        agent.begin(A, API)

        with pytest.raises(SourceUnreadable):
            found(agent, Scope(places=("/nowhere/at/all",)))
