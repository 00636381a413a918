"""The port to all kept traces at a glance."""

from abc import abstractmethod
from collections.abc import Iterator
from typing import Protocol

from opentraces.domain.kept_brief import KeptBrief


class TraceOverview(Protocol):
    """Every kept trace, the one that was written last first.

    Contract: tests/contracts/overview.py. Raises StorageUnavailable.
    """

    @abstractmethod
    def briefs(self) -> Iterator[KeptBrief]:
        """Yield each trace, reading it when it is asked for; damaged ones are left out."""
