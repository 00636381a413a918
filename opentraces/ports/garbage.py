"""The port to what nothing needs any more."""

from abc import abstractmethod
from datetime import datetime
from typing import Protocol

from opentraces.domain.garbage import Garbage


class GarbageCollector(Protocol):
    """One place in which things are left that nothing needs any more.

    Contract: tests/contracts/garbage.py.
    """

    @abstractmethod
    def redate(self, now: datetime) -> None:
        """Let what says that it was last changed after `now`, by days, have been changed then.

        A clock was set back since, or ran ahead: else it would never be old. Raises
        StorageUnavailable.
        """

    @abstractmethod
    def collect(self, latest: datetime, *, remove: bool) -> Garbage:
        """Find what nothing references and was last changed at `latest` or before.

        With `remove`, remove it, and count what was removed; without, change nothing at all. What
        another process holds is left for another time, and so is everything that may be needed by
        something that cannot be read. Safe beside processes that write; may wait for them.

        Raises NewerFormat: a later release made the place. StorageUnavailable.
        """
