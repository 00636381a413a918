"""The log of workers, as what they said of themselves."""

from datetime import datetime

from opentraces.ports.work_log import Failure, WorkLog


class MemoryWorkLog(WorkLog):
    """`write` is what a worker does."""

    def __init__(self) -> None:
        self._written: datetime | None = None
        self._failure: Failure | None = None

    def write(self, said: str, at: datetime, *, is_failure: bool = False) -> None:
        """Add a line."""
        self._written = at
        if is_failure:
            self._failure = Failure(said, at)

    def written(self) -> datetime | None:
        """See WorkLog."""
        return self._written

    def last_failure(self) -> Failure | None:
        """See WorkLog."""
        return self._failure

    def turn_over(self) -> None:
        """See WorkLog. Nothing is long here."""
