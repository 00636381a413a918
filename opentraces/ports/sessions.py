"""The port to one agent's own session files."""

from abc import abstractmethod
from collections.abc import Iterator
from typing import Protocol

from opentraces.domain.session import FoundSession, Scope, SourceFile


class SessionSource(Protocol):
    """The sessions one agent left on this machine. Read only.

    Contract: tests/contracts/session_source.py.
    """

    @abstractmethod
    def discover(self, scope: Scope) -> Iterator[FoundSession]:
        """Yield every session in `scope` once, with all its files.

        Cheap: what the files hold is not read beyond what the scope asks for. A session found
        in two places is yielded once, with the files of both; of copies of one file one will do.

        Raises:
            SourceUnreadable: a place named in the scope is not there, or holds no session.
        """

    @abstractmethod
    def read(self, file: SourceFile, offset: int) -> Iterator[bytes]:
        """Yield the file's bytes from `offset` on, in pieces of at most 1 MiB, none empty.

        What is written to the file meanwhile may or may not be part of it.

        Raises:
            SourceGone: it is not there any more.
            SourceUnreadable: the machine refuses; names the file.
        """
