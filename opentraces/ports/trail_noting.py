"""The port by which what is noted of trails keeps in step with them."""

from abc import abstractmethod
from collections.abc import Collection, Iterable, Mapping
from typing import Protocol

from opentraces.domain.ids import TraceId
from opentraces.domain.trail.noted import NotedTrace, NotedTrail


class TrailNoting(Protocol):
    """A TrailIndex, for those who write trails.

    Contract: tests/contracts/trail_index.py. Each method takes effect whole or not at all, and is
    durable on return. Any may raise StorageUnavailable, Busy among it.
    """

    @abstractmethod
    def is_complete(self) -> bool:
        """Whether all trails of this bucket were noted once; False: it was lost, `renew` it.

        Cheap; one that is lost, damaged or another release's is not, and stays as it is.
        """

    @abstractmethod
    def renew(self, trails: Iterable[NotedTrail]) -> None:
        """Replace everything, searches included, by these, which are all there are.

        They are taken while nobody else can note anything. What they raise leaves all as it was.
        """

    @abstractmethod
    def known(self, traces: Collection[TraceId]) -> Mapping[TraceId, NotedTrace]:
        """Return what is noted of traces; others are left out."""

    @abstractmethod
    def note(self, trails: Collection[NotedTrail], gone: Collection[TraceId] = ()) -> None:
        """Replace what is noted of traces; what was found of them in history stays.

        `searched` is not taken from them, but kept; one that lies beyond `commit` is 0 then.
        Their credits replace those of each patch, commit and file that they name.
        `gone`: traces of which nothing is noted any more, credits included.
        """
