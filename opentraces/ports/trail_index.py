"""The port to what is noted of trails: who touched which file, who wrote which line."""

from abc import abstractmethod
from collections.abc import Collection, Iterator, Sequence
from typing import Protocol

from opentraces.domain.ids import TraceId
from opentraces.domain.trail.history import CommitId
from opentraces.domain.trail.noted import NotedCredit, NotedTrace, Searched


class TrailIndex(Protocol):
    """Everything in it is derived from trails: whoever loses it makes it again from them.

    Contract: tests/contracts/trail_index.py. Each method takes effect whole or not at all, beside
    any number of other processes. Any may raise StorageUnavailable; a damaged one is made anew.
    """

    @abstractmethod
    def note(self, traces: Collection[NotedTrace]) -> None:
        """Replace what is noted of traces; what was found of them in history stays.

        `searched` is not taken from them, but kept, unless it lies beyond `commit`.
        """

    @abstractmethod
    def noted(
        self, repository: str, worktrees: Collection[str], paths: Collection[str] | None
    ) -> Sequence[NotedTrace]:
        """Return the traces of a repository, by id: those of its key, and those of a worktree.

        `paths`: only traces that touched a file that ends in one of these relative paths, with a
        `/` before it. None: all.
        """

    @abstractmethod
    def searched(self, repository: str) -> Searched:
        """Return up to where the repository's history was searched."""

    @abstractmethod
    def settle(
        self,
        repository: str,
        searched: Searched,
        traces: Collection[tuple[TraceId, int]],
        found: Collection[NotedCredit],
    ) -> None:
        """Note a search, and which commit of which envelopes it took in.

        `found` replaces the credits of each patch and commit that it names, for each file there.
        """

    @abstractmethod
    def credits(
        self, repository: str, commits: Collection[CommitId] | None, trace: TraceId | None
    ) -> Iterator[NotedCredit]:
        """Yield credits by commit, path and line: of some commits, of one trace. None: of all."""

    @abstractmethod
    def forget(self, traces: Collection[TraceId] | None) -> None:
        """Remove all that is noted of traces, credits included. None: of all, and all searches."""
