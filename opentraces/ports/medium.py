"""The port to what a home is kept on."""

from abc import abstractmethod
from typing import Protocol


class Medium(Protocol):
    """The file systems that the home is on. Contract: tests/contracts/medium.py."""

    @abstractmethod
    def refusal(self) -> str | None:
        """Say why nothing can be written there, with the next step. None: nothing forbids it.

        Changes nothing, so that a full disk is not noticed.
        """

    @abstractmethod
    def network(self) -> str | None:
        """Return the kind of a network's file system. None: it is local, or cannot be known."""
