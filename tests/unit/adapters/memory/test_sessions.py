"""Sessions in memory."""

import pytest

from opentraces.adapters.memory.sessions import MemorySessions
from opentraces.domain.ids import SessionId
from opentraces.domain.session import Agent, FoundSession, Scope, SourceFile, SourceKind
from tests.contracts.session_source import API, A, SessionSourceContract


def session_of(*locations: str) -> FoundSession:
    files = tuple(
        SourceFile(name=at, kind=SourceKind.TRANSCRIPT, location=at, size=0, stamp="new")
        for at in locations
    )
    return FoundSession(agent=Agent.CLAUDE_CODE, session=A, files=files)


class MemoryAgent:
    """Leaves its sessions in memory."""

    def __init__(self) -> None:
        self.source = MemorySessions()

    def begin(self, session: SessionId, folder: str) -> bytes:
        data = f'{{"cwd":"{folder}"}}\n'.encode()
        file = SourceFile(
            name=f"{session}.jsonl",
            kind=SourceKind.TRANSCRIPT,
            location=f"/agent/{session}.jsonl",
            size=len(data),
            stamp="new",
        )
        found = FoundSession(agent=Agent.CLAUDE_CODE, session=session, files=(file,))
        self.source.add(found, {file.location: data}, folder)
        return data

    def say(self, session: SessionId, text: str) -> bytes:
        line = f'{{"text":"{text}"}}\n'.encode()
        self.source.append(f"/agent/{session}.jsonl", line)
        return line

    def rewrite(self, session: SessionId) -> bytes:
        (file,) = (f for s in self.source.discover(Scope()) for f in s.files if session in f.name)
        data = b"x" * file.size
        self.source.replace(file.location, data)
        return data

    def remove(self, session: SessionId) -> None:
        self.source.remove(f"/agent/{session}.jsonl")


class TestMemorySessions(SessionSourceContract):
    @pytest.fixture
    def agent(self) -> MemoryAgent:
        return MemoryAgent()


def test_sessions_may_be_given_at_once() -> None:
    sessions = MemorySessions([session_of("/a")], {"/a": b"12345"}, {A: API})

    (found,) = sessions.discover(Scope(project="api"))

    assert found.size == 5


def test_a_session_loses_only_the_file_that_was_removed() -> None:
    sessions = MemorySessions([session_of("/a", "/b")], {"/a": b"1", "/b": b"2"})
    sessions.remove("/a")

    (found,) = sessions.discover(Scope())

    assert [file.location for file in found.files] == ["/b"]
