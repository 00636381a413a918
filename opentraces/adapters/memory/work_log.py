"""The log of workers, as what they said of themselves."""

from datetime import datetime

from opentraces.ports.work_log import Failure, WorkLog


class MemoryWorkLog(WorkLog):
    """`write` is what a worker does."""

    def __init__(self) -> None:
        self._written: datetime | None = None
        self._told: dict[str, datetime] = {}
        self._failure: Failure | None = None

    def write(
        self, said: str, at: datetime, *, agent: str | None = None, is_failure: bool = False
    ) -> None:
        """Add a line; `agent`: of whose events it tells."""
        self._written = at
        if agent is not None:
            self._told[agent] = at
        if is_failure:
            self._failure = Failure(said, at)

    def written(self, agent: str | None = None) -> datetime | None:
        """See WorkLog."""
        return self._written if agent is None else self._told.get(agent)

    def last_failure(self) -> Failure | None:
        """See WorkLog."""
        return self._failure

    def turn_over(self) -> None:
        """See WorkLog. Nothing is long here."""
