"""The sessions of a file of trajectories: each row is one, named by what is in it."""

from collections.abc import Iterator

from opentraces.adapters._reading.regular_files import read_pieces
from opentraces.adapters.hermes.naming import PLAIN, ROWS, is_deflated, is_rows, located
from opentraces.adapters.hermes.rows import Open, Row, RowReader, is_trajectories, rows_of
from opentraces.domain.errors import SourceUnreadable
from opentraces.domain.ids import SessionId, digest
from opentraces.domain.session import Agent, FoundSession, SourceFile, SourceKind

UNREAD = "unread"
"""The stamp of what stands for a part of a file that cannot be read, so that it is reported."""


class RowSessions:
    """The rows of files, as sessions.

    The first row is located by the file alone: so nobody else takes the file for theirs.
    """

    def __init__(self, inflate: Open) -> None:
        """`inflate` yields what a compressed file inflates to, from an offset on."""
        self._inflate = inflate
        self._reader = RowReader(self._lines)

    def holds(self, path: str) -> bool:
        """Whether a file is one of trajectories, by its name and its first rows."""
        return is_rows(path) and is_trajectories(rows_of(self._lines(path, 0)))

    def found(self, path: str, only: str | None) -> Iterator[FoundSession]:
        """Yield the sessions of a file, or that of one row, by its number.

        What cannot be read of it is a session, too, which cannot be read.
        """
        number, is_first = 0, True
        try:
            for row in rows_of(self._lines(path, 0)):
                number = row.number
                place = path if is_first else located(path, str(number))
                is_first = False
                if only in (None, str(number)):
                    yield self.unread(place) if row.is_cut else _session(row, place)
        except SourceUnreadable:
            yield self.unread(located(path, str(number + 1)))

    def unread(self, place: str) -> FoundSession:
        """Return what stands for something that cannot be read, so that it is reported."""
        name = f"cut-{digest(place.encode())}"
        file = SourceFile(f"{ROWS}/{name}{PLAIN}", SourceKind.TRANSCRIPT, place, 0, UNREAD)
        return FoundSession(Agent.HERMES, SessionId(name), (file,))

    def read(self, path: str, number: str | None, name: str) -> Iterator[bytes]:
        """Yield the line of a row; of the first one, where no number is given.

        Raises SourceGone, SourceUnreadable.
        """
        is_number = number is not None and number.isascii() and number.isdigit()
        if number is not None and not is_number:
            raise SourceUnreadable(f"{path}: no row has the number {number}")
        return self._reader.read(path, int(number) if number else None, name)

    def _lines(self, path: str, offset: int) -> Iterator[bytes]:
        return (self._inflate if is_deflated(path) else read_pieces)(path, offset)


def _session(row: Row, place: str) -> FoundSession:
    file = SourceFile(row.name, SourceKind.TRANSCRIPT, place, row.size, row.digest)
    return FoundSession(Agent.HERMES, SessionId(f"trajectory-{row.digest}"), (file,))
