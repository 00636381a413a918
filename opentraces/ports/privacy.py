"""The port to who may look at what we keep."""

from abc import abstractmethod
from typing import Protocol


class Privacy(Protocol):
    """Whether what is kept is for its owner alone. Contract: tests/contracts/privacy.py.

    Any method may raise StorageUnavailable; names what is at fault.
    """

    @abstractmethod
    def exposed(self) -> tuple[str, ...]:
        """Name what of ours gives others any right; at most 100 of it.

        Empty: nothing, or there is nothing of ours.
        """

    @abstractmethod
    def close(self) -> int:
        """Take all rights of others away; returns of how many files and folders."""

    @abstractmethod
    def open_to_others(self) -> tuple[str, ...]:
        """Name the agents' own folders of sessions that other users of the machine may read."""
