"""Describe a range of commits by the sessions and prompts behind it."""

from collections.abc import Iterable, Mapping

from opentraces.application.added_lines import AddedLines
from opentraces.application.find_prompts import FindPrompts
from opentraces.application.open_repository import Opened
from opentraces.application.resolve_range import ResolveRange
from opentraces.domain.ids import TraceId
from opentraces.domain.slotted import frozen_dataclass
from opentraces.domain.trail.blame import Prompt
from opentraces.domain.trail.commit_brief import CommitBrief
from opentraces.domain.trail.history import CommitId
from opentraces.domain.trail.noted import NotedCredit
from opentraces.domain.trail.parts import Part, part_of
from opentraces.ports.trail_index import TrailIndex

_Prompts = Mapping[tuple[TraceId, int], Prompt]


@frozen_dataclass
class Asked:
    """What one prompt of a session brought into a commit."""

    prompt: Prompt | None
    """What was typed. None: the session cannot be read any more."""

    part: Part
    """What came of it."""


@frozen_dataclass
class DescribedCommit:
    """A commit, and how it came about."""

    commit: CommitBrief
    """Which."""

    asked: tuple[Asked, ...]
    """By session, in the order of its steps; the session with most lines first."""

    credited: int
    """Lines that it added and a session is credited with."""

    uncredited: Mapping[str, int]
    """Lines that it added and nobody is credited with, by file; files without are left out."""

    @property
    def added(self) -> int:
        """Lines that it added."""
        return self.credited + sum(self.uncredited.values())


@frozen_dataclass
class DescribedRange:
    """Commits, and how they came about."""

    said: str
    """The range, as it was asked for."""

    commits: tuple[DescribedCommit, ...]
    """The oldest first."""

    @property
    def credited(self) -> int:
        """Lines that sessions are credited with."""
        return sum(each.credited for each in self.commits)

    @property
    def added(self) -> int:
        """Lines that were added."""
        return sum(each.added for each in self.commits)


@frozen_dataclass
class DescribeRange:
    """Describe a range of commits by the sessions and prompts behind it."""

    range: ResolveRange
    index: TrailIndex
    prompts: FindPrompts
    added: AddedLines

    def execute(self, opened: Opened, said: str) -> DescribedRange:
        """`said`: a range of commits, or the name of one.

        Raises NoSuchRevision, RepositoryUnreadable, StorageUnavailable.
        """
        commits = self.range.exactly(opened, said)[::-1]
        credited: dict[CommitId, list[NotedCredit]] = {each.commit: [] for each in commits}
        for each in self.index.credits(opened.key, credited.keys(), None) if commits else ():
            credited[each.commit].append(each)
        steps = {(e.trace, e.step_index) for found in credited.values() for e in found}
        prompts = self.prompts.execute(steps)
        return DescribedRange(
            said=said,
            commits=tuple(
                self._described(opened, each, credited[each.commit], prompts) for each in commits
            ),
        )

    def _described(
        self,
        opened: Opened,
        commit: CommitBrief,
        credited: list[NotedCredit],
        prompts: _Prompts,
    ) -> DescribedCommit:
        named = {
            (each.path, line) for each in credited for line in range(each.first, each.last + 1)
        }
        left: dict[str, int] = {}
        for each in self.added.execute(opened, commit.commit):
            if (each.path, each.line) not in named:
                left[each.path] = left.get(each.path, 0) + 1
        return DescribedCommit(
            commit=commit,
            asked=_asked(credited, prompts),
            credited=len(named),
            uncredited=dict(sorted(left.items())),
        )


def _asked(credited: Iterable[NotedCredit], prompts: _Prompts) -> tuple[Asked, ...]:
    """Group what is credited by session and prompt; what several steps wrote of a line is one."""
    grouped: dict[TraceId, dict[int | None, list[NotedCredit]]] = {}
    for each in sorted(credited, key=lambda each: each.step_index):
        prompt = prompts.get((each.trace, each.step_index))
        asked = prompt.asked if prompt is not None else None
        grouped.setdefault(each.trace, {}).setdefault(asked, []).append(each)
    sessions = sorted(grouped.items(), key=lambda item: -_lines(item[1].values()))
    return tuple(
        Asked(prompts.get((trace, some[0].step_index)), part_of(trace, some))
        for trace, by_prompt in sessions
        for some in by_prompt.values()
    )


def _lines(groups: Iterable[list[NotedCredit]]) -> int:
    return sum(each.last - each.first + 1 for some in groups for each in some)
