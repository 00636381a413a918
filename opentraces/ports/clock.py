"""The port to the time of day."""

from abc import abstractmethod
from datetime import datetime
from typing import Protocol


class Clock(Protocol):
    """What time it is; no time of ours ever stands in a TraceRecord."""

    @abstractmethod
    def now(self) -> datetime:
        """Return the present, aware, in UTC."""

    @abstractmethod
    def wait(self, seconds: float) -> None:
        """Let that much time go by."""
