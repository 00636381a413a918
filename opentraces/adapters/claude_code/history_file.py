"""`history.jsonl`: one file with the prompts of all sessions."""

from collections.abc import Iterable, Iterator
from dataclasses import field
from pathlib import Path

from opentraces.adapters._reading.jsonl import decode
from opentraces.adapters._reading.values import text
from opentraces.adapters.claude_code.files import PIECE, read_whole
from opentraces.adapters.claude_code.naming import component, relative_name
from opentraces.domain.errors import SourceGone
from opentraces.domain.ids import digest
from opentraces.domain.session import SourceFile, SourceKind
from opentraces.domain.slotted import mutable_dataclass

_FIELD = b'"sessionId":"'
_UUID = 36


@mutable_dataclass
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


def sessions_in(path: str, but: Iterable[str] = ()) -> dict[str, SessionPrompts]:
    """Return the complete lines of a history file by session, in order of appearance.

    `but`: sessions that are not asked for.
    """
    unwanted = frozenset(session.encode() for session in but)
    found: dict[str, SessionPrompts] = {}
    for line in read_whole(path).split(b"\n")[:-1]:
        at = line.rfind(_FIELD) + len(_FIELD)
        if line[at : at + _UUID] in unwanted:
            continue  # most lines of a large file, at every import
        session = _session_of(line)
        if session is not None and session.encode() not in unwanted:
            found.setdefault(session, SessionPrompts(session)).lines.append(line + b"\n")
    return found


class HistoryReader:
    """Reads sessions out of history files, each parsed once as long as it does not change."""

    def __init__(self) -> None:
        self._parsed: dict[str, tuple[tuple[int, ...], dict[str, SessionPrompts]]] = {}

    def read(self, location: str, offset: int) -> Iterator[bytes]:
        """Yield the lines of the session that a location names, from `offset` on.

        Raises SourceGone when there are none.
        """
        path, _, session = location.rpartition("#")
        prompts = self._sessions_in(path).get(session)
        if prompts is None:
            raise SourceGone(location)
        data = b"".join(prompts.lines)
        for start in range(offset, len(data), PIECE):
            yield data[start : start + PIECE]

    def _sessions_in(self, path: str) -> dict[str, SessionPrompts]:
        try:
            stat = Path(path).stat()
        except OSError as error:
            raise SourceGone(path) from error
        stamp = (stat.st_ino, stat.st_size, stat.st_mtime_ns, stat.st_ctime_ns)
        known = self._parsed.get(path)
        if known is None or known[0] != stamp:
            known = self._parsed[path] = (stamp, sessions_in(path))
        return known[1]


def _session_of(line: bytes) -> str | None:
    named = text((decode(line) or {}).get("sessionId")) if _FIELD in line else None
    return component(named) if named else None
