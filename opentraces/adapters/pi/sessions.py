"""Pi's sessions, as files on this machine."""

import os
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

from opentraces.adapters._reading.folders import UNREAD, Closed, transcript_at, walk
from opentraces.adapters._reading.naming import component
from opentraces.adapters._reading.regular_files import read_pieces
from opentraces.adapters.pi.heads import (
    HEAD,
    head_of,
    is_session,
    is_stream,
    session_in,
    working_directory,
)
from opentraces.adapters.pi.naming import FOLDER, is_lines, kept_name, session_of
from opentraces.domain.errors import SourceUnreadable
from opentraces.domain.ids import SessionId
from opentraces.domain.session import Agent, FoundSession, Scope, SourceFile
from opentraces.ports.sessions import SessionSource

_Named = tuple[SessionId, SourceFile]


class PiSessions(SessionSource):
    """Reads the sessions that Pi writes. Follows no link below the folders that hold them.

    A session is named by its first line, which gave a file its name, too. Of copies of one session
    the longest is the session's file.
    """

    def __init__(self, folders: tuple[Path, ...]) -> None:
        """Look in these folders, such as `~/.pi/agent/sessions`."""
        self._folders = folders

    def discover(self, scope: Scope) -> Iterator[FoundSession]:
        """See SessionSource. Ordered by the place of the file."""
        copies: dict[SessionId, SourceFile] = {}
        for session, file in self._named(scope.places) if scope.places else self._configured():
            other = copies.get(session)
            if other is None or (-file.size, file.location) < (-other.size, other.location):
                copies[session] = file
        for session, file in sorted(copies.items(), key=_location):
            if _is_meant(file, scope):
                yield FoundSession(Agent.PI, session, (file,))

    def read(self, file: SourceFile, offset: int) -> Iterator[bytes]:
        """See SessionSource."""
        return read_pieces(file.location, offset)

    def _configured(self) -> Iterator[_Named]:
        for folder in self._folders:
            yield from _below(str(folder))

    def _named(self, places: tuple[str, ...]) -> Iterator[_Named]:
        """Yield what is in the places that a user named; each must hold a session."""
        for place in places:
            path = Path(os.path.realpath(place))
            if path.is_dir():
                linked = [path / FOLDER] if (path / FOLDER).is_symlink() else []
                found = [
                    each
                    for root in (path, *map(os.path.realpath, linked))
                    for each in _below(str(root))
                ]
            else:
                found = list(_file(str(path))) if is_lines(path.name) else []
            if not found:
                raise SourceUnreadable(f"{place}: {_why_not(path)}")
            yield from found


def _below(root: str) -> Iterator[_Named]:
    for entry in walk(root):
        if isinstance(entry, Closed):
            closed = entry.source_file(root, FOLDER)
            yield SessionId(component(closed.name.replace("/", "-"))), closed
        elif is_lines(entry.name):
            yield from _file(entry.path)


def _file(path: str) -> Iterator[_Named]:
    """Yield a file by its session; one of another name than Pi gives, by its first line."""
    name = Path(path).name
    session = session_of(name)
    if session is None:
        head = _head(path)
        if not is_session(head):
            return
        session = session_in(head) or SessionId(component(name))
    file = transcript_at(path, kept_name(PurePosixPath(path)))
    if file is not None:
        yield session, file


def _head(path: str) -> bytes:
    return head_of(read_pieces(path, 0, HEAD))


def _why_not(path: Path) -> str:
    if not path.exists():
        return "not there"
    if path.is_file() and is_stream(_head(str(path))):
        return "what `pi --mode json` prints is no session → name the file of its session"
    return "no Pi session in it"


def _is_meant(file: SourceFile, scope: Scope) -> bool:
    is_sure = file.stamp == UNREAD or not scope.is_narrow
    return is_sure or scope.holds(working_directory(_head(file.location)))


def _location(item: tuple[SessionId, SourceFile]) -> str:
    return item[1].location
