"""Hermes' sessions: rows of files, and rows of a database."""

import os
from collections.abc import Iterator
from pathlib import Path

from opentraces.adapters.hermes.naming import ROWS, STATE, taken_apart
from opentraces.adapters.hermes.places import Candidate, candidates_below, databases_of
from opentraces.adapters.hermes.row_sessions import RowSessions
from opentraces.adapters.hermes.rows import Open
from opentraces.adapters.hermes.state_sessions import StateSessions
from opentraces.adapters.hermes.stored import OpenCopy
from opentraces.domain.errors import SourceUnreadable
from opentraces.domain.ids import SessionId
from opentraces.domain.session import FoundSession, Scope, SourceFile
from opentraces.ports.sessions import SessionSource


class HermesSessions(SessionSource):
    """Reads trajectories, each row of them a session, and a copy of the database of sessions."""

    def __init__(
        self, homes: tuple[Path, ...], passing: Path, inflate: Open, open_copy: OpenCopy
    ) -> None:
        """Look in these homes, such as `~/.hermes`; copies are made below `passing`."""
        self._homes = homes
        self._rows = RowSessions(inflate)
        self._state = StateSessions(passing, open_copy)

    def discover(self, scope: Scope) -> Iterator[FoundSession]:
        """See SessionSource. Files are read to their end: what is in them says what is new.

        Of several copies of a session in databases the one of most bytes is given.
        """
        rows: set[SessionId] = set()
        stored: dict[SessionId, FoundSession] = {}
        for each in self._named(scope) if scope.places else self._configured(scope):
            if each.files[0].name.startswith(ROWS):
                if each.session not in rows:
                    yield each
                rows.add(each.session)
            elif each.session not in stored or each.size > stored[each.session].size:
                stored[each.session] = each
        yield from stored.values()

    def read(self, file: SourceFile, offset: int) -> Iterator[bytes]:
        """See SessionSource."""
        path, inside = taken_apart(file.location)
        folder = file.name.partition("/")[0]
        if folder == ROWS:
            yield from _from(self._rows.read(path, inside, file.name), offset)
        elif folder == STATE:
            yield from _from(self._state.read(path, inside, file.name), offset)
        else:
            raise SourceUnreadable(f"{file.location}: no file of a Hermes session")

    def _configured(self, scope: Scope) -> Iterator[FoundSession]:
        for home in self._homes:
            for path, is_closed in databases_of(home):
                if is_closed:
                    yield self._rows.unread(path)
                else:
                    yield from self._state.found(path, None, scope)

    def _named(self, scope: Scope) -> Iterator[FoundSession]:
        """Yield what is in the places that a user named; each must hold a session."""
        for place in scope.places:
            path, inside = taken_apart(os.path.realpath(place))
            holders = 0
            below = candidates_below(path) if Path(path).is_dir() else (Candidate(path),)
            for file, is_closed in below:
                if is_closed:
                    holders += 1
                    yield self._rows.unread(file)
                elif self._state.holds(file):
                    holders += 1
                    yield from self._state.found(file, inside, scope)
                elif self._rows.holds(file):
                    holders += 1
                    yield from self._in_rows(file, inside, scope)
            if not holders:
                why = "no Hermes session in it" if Path(path).exists() else "not there"
                raise SourceUnreadable(f"{place}: {why}")

    def _in_rows(self, path: str, inside: str | None, scope: Scope) -> Iterator[FoundSession]:
        """Yield the sessions of rows; none says in which folder it began."""
        if not scope.is_narrow:
            yield from self._rows.found(path, inside)


def _from(pieces: Iterator[bytes], offset: int) -> Iterator[bytes]:
    """Yield pieces without their first `offset` bytes."""
    for piece in pieces:
        new = piece[offset:] if offset else piece
        offset = max(0, offset - len(piece))
        if new:
            yield new
