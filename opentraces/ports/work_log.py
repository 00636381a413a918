"""The port to what workers say of what they did."""

from abc import abstractmethod
from datetime import datetime
from typing import NamedTuple, Protocol


class Failure(NamedTuple):
    """A worker that did not do its work."""

    said: str
    """The line it ended with, or in which it says what it could not do."""

    at: datetime
    """When, aware; of a line without a time, when the next one with a time was written."""


class WorkLog(Protocol):
    """The log of all workers. Contract: tests/contracts/work_log.py.

    Any method may raise StorageUnavailable.
    """

    @abstractmethod
    def written(self, agent: str | None = None) -> datetime | None:
        """Return when it was last written to, aware. None: no worker was ever started.

        `agent`: when a worker last told of events of that agent's. None then: none did.
        """

    @abstractmethod
    def last_failure(self) -> Failure | None:
        """Return the latest failure in the end of the log. None: there is none in it."""

    @abstractmethod
    def turn_over(self) -> None:
        """Begin a new log when it is long; the one before it stays, others go."""
