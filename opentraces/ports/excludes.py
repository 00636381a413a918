"""The port to the lists of what Git leaves alone, one in each repository, never committed."""

from abc import abstractmethod
from typing import Protocol

from opentraces.domain.enrolment import Exclusion


class Excludes(Protocol):
    """Contract: tests/contracts/excludes.py.

    Both methods raise StorageUnavailable when the list is behind a symbolic link, is no regular
    file, belongs to another user, or cannot be written; nothing is changed then.
    """

    @abstractmethod
    def add(self, repository: str) -> Exclusion | None:
        """Add our line to a repository's list. None: it is there already."""

    @abstractmethod
    def take_back(self, exclusion: Exclusion) -> bool:
        """Take a line away that was added; False: it is not there any more.

        A list that nobody changed since is, byte for byte, what it was before the line was added.
        """
