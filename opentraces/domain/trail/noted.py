"""What is noted of trails so that questions need not read all of them: derived, and disposable."""

from collections.abc import Iterable, Mapping
from dataclasses import field

from opentraces.domain.evidence import EvidenceTier
from opentraces.domain.ids import TraceId
from opentraces.domain.moments import iso_text
from opentraces.domain.slotted import frozen_dataclass
from opentraces.domain.trail.history import Commit, CommitId


@frozen_dataclass
class NotedTrace:
    """A trace that has a trail."""

    trace: TraceId
    """Which."""

    repository: str
    """The repository its session began in: see `worktree.repository_key`; empty: not known."""

    worktree: str
    """The worktree's root, absolute; empty: not known."""

    commit: int
    """The commit of its envelope at which its trail was noted; later ones added nothing to it."""

    first: int
    """When its first change happened, in milliseconds since 1970; 0: not known."""

    searched: int = 0
    """Up to which commit of its envelope its patches were looked for in the history of the
    repository that is asked about, or else of its own; 0: never."""

    paths: frozenset[str] = frozenset()
    """The files it changed or saw, absolute, as its trail has them."""

    trail_generation: int = 0
    """The generation of its trail that was noted."""

    trail_length: int = 0
    """How many stored bytes of that were noted."""

    folder: str = ""
    """Where its session began, absolute; empty: its worktree is known, or that is not told."""

    base: str = ""
    """Full id of the commit that was checked out then, as the agent wrote down; empty: it did
    not, or the worktree is known."""


@frozen_dataclass
class NotedCredit:
    """A run of lines of a commit that a step wrote."""

    commit: CommitId
    """The commit that added them."""

    path: str
    """The file in that commit."""

    first: int
    """First line there, from 1; 0: there is none, what was found before is taken back."""

    last: int
    """Last line, included; 0: there is none."""

    trace: TraceId
    """Whose."""

    step_index: int
    """The step; 0: made by no one step that we know."""

    call: str | None
    """The tool call. None: made by none that we know."""

    patch: str
    """The id of the patch."""

    tier: EvidenceTier
    """What ties them."""

    committed: str = ""
    """When the commit was made: ISO 8601 in UTC."""


@frozen_dataclass
class NotedTrail:
    """A trace, with what its trail says was found of it."""

    trace: NotedTrace
    """The trace."""

    credits: Mapping[str, tuple[NotedCredit, ...]] = field(default_factory=dict)
    """By repository; empty, too, where only what was added to the trail was read."""


@frozen_dataclass
class Searched:
    """Up to where the history of a repository was searched."""

    tips: frozenset[CommitId] = frozenset()
    """Commits that all history before was searched from; empty: never."""

    until: str = ""
    """When the newest of what was searched was made: ISO 8601 in UTC; empty: never."""

    leading: frozenset[CommitId] = frozenset()
    """Those of `tips` that were checked out or that branches led to; the others only reflogs
    named."""

    def later(
        self, tips: frozenset[CommitId], leading: frozenset[CommitId], commits: Iterable[Commit]
    ) -> "Searched":
        """Return the search after which some more commits were searched, too."""
        newest = max((each.committed for each in commits), default=None)
        until = max(self.until, iso_text(newest) if newest is not None else "")
        return Searched(tips, until, leading)
