"""The port to what Claude Code wrote of its requests and their answers."""

from abc import abstractmethod
from typing import Protocol


class RawBodies(Protocol):
    """Bodies that wait to be kept, each named by an event that anybody may have written."""

    @abstractmethod
    def read(self, named: str) -> bytes | None:
        """Return the body that an event names by its path.

        None: it is not in our own folder, or is no regular file of ours, or a giant, or gone.
        Raises StorageUnavailable.
        """
