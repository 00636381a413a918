"""`history.jsonl`: one file with the prompts of all sessions."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from opentraces.adapters._jsonl import decode
from opentraces.adapters.claude_code.files import PIECE, read_whole
from opentraces.adapters.claude_code.naming import component, relative_name
from opentraces.adapters.claude_code.values import text
from opentraces.domain.errors import SourceGone
from opentraces.domain.ids import digest
from opentraces.domain.session import SourceFile, SourceKind

_FIELD = b'"sessionId":"'
_UUID = re.compile(rb'[0-9a-f-]{36}"')


@dataclass(slots=True)
class SessionPrompts:
    """The lines of one session."""

    session: str
    """The session's id, made safe."""

    lines: list[bytes] = field(default_factory=list)
    """Verbatim, each with its newline."""

    def folder(self) -> str | None:
        """Return the directory it began in. None: no line says."""
        for line in self.lines:
            if folder := text((decode(line) or {}).get("project")):
                return folder
        return None

    def source_file(self, path: str) -> SourceFile:
        """Return the lines as a file of their own."""
        data = b"".join(self.lines)
        name = relative_name(("history", f"{self.session}.jsonl"))
        stamp = f"{len(self.lines)}:{len(data)}:{digest(data)}"
        return SourceFile(name, SourceKind.HISTORY, f"{path}#{self.session}", len(data), stamp)


def sessions_in(path: str) -> dict[str, SessionPrompts]:
    """Return the complete lines of a history file by session, in order of appearance."""
    found: dict[str, SessionPrompts] = {}
    for line in read_whole(path).split(b"\n")[:-1]:
        session = _session_of(line)
        if session is not None:
            found.setdefault(session, SessionPrompts(session)).lines.append(line + b"\n")
    return found


def read_session(location: str, offset: int) -> Iterator[bytes]:
    """Yield the lines of the session that a location names, from `offset` on. Raises SourceGone."""
    path, _, session = location.rpartition("#")
    prompts = sessions_in(path).get(session)
    if prompts is None:
        raise SourceGone(location)
    data = b"".join(prompts.lines)
    for start in range(offset, len(data), PIECE):
        yield data[start : start + PIECE]


def _session_of(line: bytes) -> str | None:
    """Return a line's session. Most lines are cut, not parsed: the file is read at each import."""
    at = line.rfind(_FIELD)
    if at < 0:
        return None
    session = line[at + len(_FIELD) :]
    if _UUID.match(session):
        return session[:36].decode()
    named = text((decode(line) or {}).get("sessionId"))
    return component(named) if named else None
