"""Sessions whose files are bytes in a dict."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from opentraces.domain.errors import SourceGone, SourceUnreadable
from opentraces.domain.ids import SessionId
from opentraces.domain.session import FoundSession, Scope, SourceFile
from opentraces.ports.sessions import SessionSource

_PIECE = 1 << 20


class MemorySessions(SessionSource):
    """Given sessions, with the bytes at each location of their files.

    `append`, `replace` and `remove` are what an agent does to its files meanwhile.
    """

    def __init__(
        self,
        sessions: Iterable[FoundSession] = (),
        contents: Mapping[str, bytes] | None = None,
        folders: Mapping[SessionId, str] | None = None,
    ) -> None:
        """`folders`: the working directory in which a session began, for those that have one."""
        self._sessions = {found.session: found for found in sessions}
        self._contents = dict(contents or {})
        self._folders = dict(folders or {})
        self._changes: dict[str, int] = {}

    def add(self, found: FoundSession, contents: Mapping[str, bytes], folder: str = "") -> None:
        """Leave one session more; `folder` is the working directory in which it began."""
        self._sessions[found.session] = found
        self._contents.update(contents)
        self._folders[found.session] = folder

    def append(self, location: str, data: bytes) -> None:
        """Add bytes to the end of a file."""
        self.replace(location, self._contents.get(location, b"") + data)

    def replace(self, location: str, data: bytes) -> None:
        """Put other bytes in a file's place."""
        self._contents[location] = data
        self._changes[location] = self._changes.get(location, 0) + 1

    def remove(self, location: str) -> None:
        """Remove a file; a session goes with its last one."""
        self._contents.pop(location, None)

    def discover(self, scope: Scope) -> Iterator[FoundSession]:
        """See SessionSource."""
        present = [found for found in map(self._present, self._sessions.values()) if found]
        for place in scope.places:
            if not any(_is_at(found, place) for found in present):
                raise SourceUnreadable(f"{place} holds no session")
        for found in present:
            if self._is_meant(found, scope):
                yield found

    def read(self, file: SourceFile, offset: int) -> Iterator[bytes]:
        """See SessionSource."""
        if file.location not in self._contents:
            raise SourceGone(file.location)
        data = self._contents[file.location]
        for start in range(offset, len(data), _PIECE):
            yield data[start : start + _PIECE]

    def _present(self, found: FoundSession) -> FoundSession | None:
        files = tuple(self._as_it_is(f) for f in found.files if f.location in self._contents)
        return replace(found, files=files) if files else None

    def _as_it_is(self, file: SourceFile) -> SourceFile:
        changes = self._changes.get(file.location)
        size = len(self._contents[file.location])
        return replace(file, size=size, stamp=f"{file.stamp}+{changes}" if changes else file.stamp)

    def _is_meant(self, found: FoundSession, scope: Scope) -> bool:
        folder = self._folders.get(found.session, "")
        return (
            (not scope.places or any(_is_at(found, place) for place in scope.places))
            and (not scope.folders or any(_is_below(folder, one) for one in scope.folders))
            and scope.project in (None, folder, folder.rpartition("/")[2])
        )


def _is_at(found: FoundSession, place: str) -> bool:
    return any(_is_below(file.location, place) for file in found.files)


def _is_below(path: str, folder: str) -> bool:
    return path == folder or path.startswith(f"{folder.rstrip('/')}/")
