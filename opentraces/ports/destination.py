"""The port to where a user wants files."""

from abc import abstractmethod
from collections.abc import Iterable
from typing import Protocol


class Destination(Protocol):
    """A place for files that leave the bucket. Contract: tests/contracts/destination.py."""

    @abstractmethod
    def write(self, name: str, pieces: Iterable[bytes]) -> str:
        """Write one file whole, and say where; a file of the same bytes may be there already.

        `name` is relative, with `/`; one that leaves the place is refused.

        Raises:
            BadRequest: another file is there under this name; it is left as it is.
            StorageUnavailable: the medium refused; nothing half written is left.
        """
