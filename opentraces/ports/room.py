"""The port to how much can still be written."""

from abc import abstractmethod
from typing import Protocol


class Room(Protocol):
    """The medium that the bucket is on."""

    @abstractmethod
    def free(self) -> int:
        """Return how many bytes can still be written there. Raises StorageUnavailable."""
