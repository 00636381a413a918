"""The port to what is noted of trails: who touched which file, who wrote which line."""

from abc import abstractmethod
from collections.abc import Collection, Iterator, Sequence
from typing import Protocol

from opentraces.domain.ids import TraceId
from opentraces.domain.trail.history import CommitId
from opentraces.domain.trail.noted import NotedCredit, NotedTrace, Searched


class TrailIndex(Protocol):
    """Everything in it is derived from trails: see TrailNoting for how it is kept in step.

    Contract: tests/contracts/trail_index.py. Each method takes effect whole or not at all, beside
    any number of other processes. Any may raise StorageUnavailable, Busy among it. One that is
    lost, damaged or another release's holds nothing; damage that is met while it answers raises
    StorageUnavailable once.
    """

    @abstractmethod
    def noted(
        self, repository: str, worktrees: Collection[str], paths: Collection[str] | None
    ) -> Sequence[NotedTrace]:
        """Return the traces of a repository, by id: those of its key, and those of a worktree.

        And those of any other place that touched a file below one of the worktrees: sessions
        that began around it, or elsewhere.

        `paths`: only traces that touched a file that ends in one of these relative paths, with a
        `/` before it. None: all. An empty key, or worktree, is that of no trace.
        """

    @abstractmethod
    def strays(self, repository: str) -> Sequence[NotedTrace]:
        """Return the traces of which a folder is known and no worktree, by id.

        As they were searched in a repository: see `noted`.
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

        `found` replaces the credits of each patch, commit and file that it names. Traces that are
        not noted are passed over: they were deleted meanwhile.
        """

    @abstractmethod
    def credits(
        self, repository: str, commits: Collection[CommitId] | None, trace: TraceId | None
    ) -> Iterator[NotedCredit]:
        """Yield credits by commit, path and line: of some commits, of one trace. None: of all.

        As of one moment; what happens while they are taken makes no difference.
        """
