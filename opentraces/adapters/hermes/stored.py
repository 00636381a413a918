"""A session of the database, before its messages are read."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple, Protocol


class StoredSession(NamedTuple):
    """One session."""

    key: str
    """Its id; one that is no safe name has a hash in its place."""

    folder: str | None
    """The working directory it began in. None: none is known."""


class Database(Protocol):
    """What a copy of a database can be asked."""

    def sessions(self) -> Iterator[StoredSession]:
        """Yield every session."""

    def holds(self, key: str) -> bool:
        """Whether there is such a session."""

    def lines(self, key: str) -> Iterator[bytes]:
        """Yield a session's messages as lines. Raises SourceUnreadable."""

    def note(self, key: str) -> bytes | None:
        """Return what is said of a session as a whole. None: nothing is."""

    def prompt(self, key: str) -> bytes | None:
        """Return a session's system prompt. None: it is not said."""


OpenCopy = Callable[[str, Path], Database | None]
"""Copies a database into a folder and opens the copy; None: it is not Hermes'."""
