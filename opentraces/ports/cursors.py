"""The port to what was seen of each session at the last import."""

from abc import abstractmethod
from collections.abc import Mapping
from typing import Protocol


class Cursors(Protocol):
    """Stamps of the files that were kept. Derived: without them every file is compared.

    Contract: tests/contracts/cursors.py.
    """

    @abstractmethod
    def load(self) -> Mapping[str, str]:
        """Return the stamp last saved for each location; empty when there are none of use."""

    @abstractmethod
    def save(self, stamps: Mapping[str, str]) -> None:
        """Add stamps, or replace those of the same locations."""

    @abstractmethod
    def forget(self) -> None:
        """Remove all."""
