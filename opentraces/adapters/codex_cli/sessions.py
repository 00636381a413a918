"""Codex's sessions, as files on this machine."""

import os
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from opentraces.adapters._reading.folders import UNREAD, Closed, walk
from opentraces.adapters._reading.naming import component
from opentraces.adapters._reading.regular_files import read_pieces
from opentraces.adapters.codex_cli.folders import ARCHIVED, LIVE, order, source_file
from opentraces.adapters.codex_cli.heads import (
    FEW,
    HEAD,
    head_of,
    is_session,
    is_stream,
    thread_in,
    working_directory,
)
from opentraces.adapters.codex_cli.naming import (
    is_continued,
    is_deflated,
    is_lines,
    is_rollout,
    stem,
    thread_of,
)
from opentraces.domain.errors import SourceUnreadable
from opentraces.domain.ids import SessionId
from opentraces.domain.session import Agent, FoundSession, Scope, SourceFile
from opentraces.ports.sessions import SessionSource

Inflate = Callable[[str, int], Iterator[bytes]]
"""Yields what a compressed file inflates to, from an offset on."""


class CodexCliSessions(SessionSource):
    """Reads the rollouts that Codex writes. Follows no link below the folders that hold them.

    A session is named by its thread. Of copies of one rollout, live and archived, plain and
    compressed, the longest is the session's file. The bytes of a compressed one are its lines. A
    thread that was taken back goes on in a file of its own, which is the session's, too.
    """

    def __init__(self, homes: tuple[Path, ...], inflate: Inflate) -> None:
        """Look in these folders, such as `~/.codex`."""
        self._homes = homes
        self._inflate = inflate

    def discover(self, scope: Scope) -> Iterator[FoundSession]:
        """See SessionSource. Ordered by the place of the first file."""
        copies: dict[SessionId, dict[str, list[SourceFile]]] = {}
        for session, file in self._named(scope.places) if scope.places else self._configured():
            copies.setdefault(session, {}).setdefault(file.name, []).append(file)
        found = [
            FoundSession(Agent.CODEX_CLI, session, self._files(rollouts))
            for session, rollouts in copies.items()
        ]
        for each in sorted(found, key=_location):
            if self._is_meant(each, scope):
                yield each

    def read(self, file: SourceFile, offset: int) -> Iterator[bytes]:
        """See SessionSource."""
        is_inflated = is_deflated(file.location) and not is_deflated(file.name)
        return (self._inflate if is_inflated else read_pieces)(file.location, offset)

    def _head(self, path: str, most: int = HEAD) -> bytes:
        plain = not is_deflated(path)
        return head_of(read_pieces(path, 0, most) if plain else self._inflate(path, 0), most)

    def _configured(self) -> Iterator[tuple[SessionId, SourceFile]]:
        for home in self._homes:
            for folder in (LIVE, ARCHIVED):
                yield from self._below(str(home / folder), is_rollout)

    def _named(self, places: tuple[str, ...]) -> Iterator[tuple[SessionId, SourceFile]]:
        """Yield what is in the places that a user named; each must hold a session."""
        for place in places:
            path = Path(os.path.realpath(place))
            if path.is_dir():
                linked = (each for each in (path / LIVE, path / ARCHIVED) if each.is_symlink())
                roots = (path, *map(os.path.realpath, linked))
                found = [each for root in roots for each in self._below(str(root), is_lines)]
            else:
                found = list(self._file(str(path))) if is_lines(path.name) else []
            if not found:
                raise SourceUnreadable(f"{place}: {self._why_not(path)}")
            yield from found

    def _below(
        self, root: str, is_candidate: Callable[[str], bool]
    ) -> Iterator[tuple[SessionId, SourceFile]]:
        for entry in walk(root):
            if isinstance(entry, Closed):
                closed = entry.source_file(root, LIVE)
                yield SessionId(component(closed.name.replace("/", "-"))), closed
            elif is_candidate(entry.name):
                yield from self._file(entry.path)

    def _file(self, path: str) -> Iterator[tuple[SessionId, SourceFile]]:
        """Yield a file by its session; one of another name than Codex gives, by its first line."""
        name = Path(path).name
        session = thread_of(name)
        if session is None:
            head = self._head(path)
            if not is_rollout(name) and not is_session(head):
                return
            session = SessionId(thread_in(head) or component(stem(name)))
        file = source_file(path)
        if file is not None:
            yield session, file

    def _why_not(self, path: Path) -> str:
        if not path.exists():
            return "not there"
        if path.is_file() and is_stream(self._head(str(path))):
            return "what `codex exec --json` prints is no session → name the rollout of its thread"
        return "no Codex session in it"

    def _files(self, rollouts: Mapping[str, list[SourceFile]]) -> tuple[SourceFile, ...]:
        """Return the files of a session, the earliest first: it has another after a revert."""
        begun = [name for name in rollouts if is_continued(name)]
        if len(begun) == len(rollouts):
            begun = []
        first = [each for name, each in rollouts.items() if name not in begun]
        copies = [file for files in first for file in files]
        later = (self._longest(rollouts[name]) for name in sorted(begun))
        return (self._longest(copies), *later)

    def _longest(self, files: list[SourceFile]) -> SourceFile:
        if len(files) == 1:
            return files[0]
        lengths = {file.location: self._length(file) for file in files}
        return min(files, key=lambda file: (-lengths[file.location], order(file)))

    def _length(self, file: SourceFile) -> int:
        """Return how many bytes of lines can be read of a copy."""
        if not is_deflated(file.location):
            return file.size
        length = 0
        try:
            for piece in self._inflate(file.location, 0):
                length += len(piece)
        except SourceUnreadable:
            return 0
        return length

    def _is_meant(self, session: FoundSession, scope: Scope) -> bool:
        if session.files[0].stamp == UNREAD or not scope.is_narrow:
            return True
        heads = (self._head(session.location, most) for most in (FEW, HEAD))
        return scope.holds(next((told for told in map(working_directory, heads) if told), None))


def _location(session: FoundSession) -> str:
    return session.location
