"""The port to one agent's format, for going on with a session."""

from abc import abstractmethod
from collections.abc import Iterable, Iterator
from typing import Protocol

from opentraces.domain.ids import SessionId
from opentraces.domain.resuming.cutting import LineMarks


class ResumableFormat(Protocol):
    """What an agent's program needs to go on with a session. Pure.

    Contract: tests/contracts/resumable_format.py. Nothing in the bytes makes it raise.
    """

    @abstractmethod
    def marks(self, pieces: Iterable[bytes]) -> Iterator[LineMarks]:
        """Yield what each complete line is, in order; `pieces` are the source's bytes from 0."""

    @abstractmethod
    def renamed(self, pieces: Iterable[bytes], session: SessionId) -> Iterator[bytes]:
        """Yield for each complete line what stands in its place in a session of another id.

        Empty: nothing does. Else the line as it was, but for the id, with its newline.
        """

    @abstractmethod
    def file_name(self, session: SessionId, folder: str | None) -> str:
        """Name the file of a session that began in a folder, below a folder of the program's.

        Relative, with `/`; found there by the agent's SessionSource.
        """

    @abstractmethod
    def command(self, file: str) -> tuple[str, ...]:
        """Return the command that goes on with a session: the program's name, then arguments."""
