"""The port to full-text search, for reading."""

from abc import abstractmethod
from enum import StrEnum
from typing import Protocol

from opentraces.domain.query import Query
from opentraces.domain.search import Cursor, Facet, FacetCount, Found, Order


class IndexState(StrEnum):
    """What can be asked of an index."""

    READY = "ready"
    """It answers."""

    ABSENT = "absent"
    """It is not there, cut short, of another release or of another bucket: rebuild it."""


class TraceIndex(Protocol):
    """What can be found. Derived: always rebuildable from the TraceStore.

    Contract: tests/contracts/trace_index.py. Any method may raise StorageUnavailable.
    """

    @abstractmethod
    def state(self) -> IndexState:
        """Say whether it answers; cheap: no file of it is read whole."""

    @abstractmethod
    def damaged(self) -> tuple[str, ...]:
        """Read all of it, and name what is not as it was written; changes nothing.

        Empty: it is whole, or absent. Raises Busy when another process writes to it meanwhile.
        """

    @abstractmethod
    def search(
        self,
        query: Query,
        limit: int,
        *,
        order: Order = Order.RELEVANCE,
        after: Cursor | None = None,
    ) -> Found:
        """Return the first `limit` traces that answer, or the first behind `after`.

        A step answers when all of the query holds for it; a trace answers by its best step, or
        as a whole; in the order of time by its newest. At most 3 steps of each trace are given,
        best first. What has come since a cursor was made changes nothing in what comes behind it;
        `after` must be of this query and order.

        Raises Corrupt when the index is damaged after all.
        """

    @abstractmethod
    def count(self, query: Query, facet: Facet) -> tuple[FacetCount, ...]:
        """Count the traces that answer, by a property; most first, then by name.

        By one that only steps have: of the steps that answer, or, where traces as a whole do, of
        all their steps. At most 50 values. Raises Corrupt as `search` does.
        """
