"""Name the step that wrote each line of a file, or say why nobody is named."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from opentraces.application.added_lines import AddedLines
from opentraces.application.explain_silence import ExplainSilence
from opentraces.application.find_prompts import FindPrompts
from opentraces.application.open_repository import Opened
from opentraces.application.pending_lines import PendingLines
from opentraces.application.refresh_trail import RefreshTrail
from opentraces.domain.errors import NoSuchFile
from opentraces.domain.ids import TraceId
from opentraces.domain.slotted import frozen_dataclass
from opentraces.domain.trail.blame import Author, Blame, BlameLine
from opentraces.domain.trail.history import BlamedLine, CommitId
from opentraces.domain.trail.noted import NotedCredit
from opentraces.ports.trail_index import TrailIndex

_Line = tuple[str | None, str, int]
"""Commit, file in it, number of the line there."""


@frozen_dataclass
class BlameLines:
    """Name the step that wrote each line of a file, or say why nobody is named."""

    refresh: RefreshTrail | None
    """What searches history first. None: whoever asks did that."""

    index: TrailIndex
    pending: PendingLines
    added: AddedLines
    silence: ExplainSilence
    prompts: FindPrompts

    def file(self, opened: Opened, path: str, first: int | None, last: int | None) -> Blame:
        """Ask about a file of the worktree; `path` is relative to its root.

        Lines `first` to `last`, from 1; None: from the first, to the last.
        Raises NoSuchFile, RepositoryUnreadable, StorageUnavailable.
        """
        self._refresh(opened)
        blamed = _blamed(opened, path)
        credited = self._credited(opened, {each.commit for each in blamed if each.commit})
        credited |= self.pending.execute(opened, path, blamed)
        meant = range(first or 1, (last or len(blamed)) + 1)
        if first is not None and not blamed[meant.start - 1 : meant.stop - 1]:
            raise NoSuchFile(f"{path} has {len(blamed)} lines: there is no line {meant.start}")
        lines = [
            (_line(path, number, each, credited), each)
            for number, each in enumerate(blamed, 1)
            if number in meant
        ]
        return self._answered(opened, lines)

    def commit(self, opened: Opened, commit: CommitId) -> Blame:
        """Ask about the lines that a commit added. Raises RepositoryUnreadable."""
        self._refresh(opened)
        credited = self._credited(opened, {commit})
        added = self.added.execute(opened, commit)
        lines = [(_line(each.path, each.line, each, credited), each) for each in added]
        return self._answered(opened, lines)

    def _refresh(self, opened: Opened) -> None:
        if self.refresh is not None:
            self.refresh.execute(opened)

    def _credited(self, opened: Opened, commits: set[CommitId]) -> dict[_Line, Author]:
        return {
            (each.commit, each.path, line): _author(each)
            for each in self.index.credits(opened.key, commits, None)
            for line in range(each.first, each.last + 1)
        }

    def _answered(self, opened: Opened, lines: Sequence[tuple[BlameLine, BlamedLine]]) -> Blame:
        silent = [blamed for line, blamed in lines if line.author is None]
        reasons = self.silence.execute(opened, silent)
        told = tuple(
            line if line.author else replace(line, reason=reasons[blamed]) for line, blamed in lines
        )
        return Blame(told, self.prompts.execute(_steps(told)))


def _blamed(opened: Opened, path: str) -> tuple[BlamedLine, ...]:
    try:
        return opened.repository.blame(path, None)
    except NoSuchFile as error:
        raise NoSuchFile(
            f"{path} is in no commit that is checked out → git add, git commit"
        ) from error


def _steps(lines: Iterable[BlameLine]) -> set[tuple[TraceId, int]]:
    return {(each.author.trace, each.author.step_index) for each in lines if each.author}


def _line(path: str, number: int, blamed: BlamedLine, credited: dict[_Line, Author]) -> BlameLine:
    return BlameLine(
        path=path,
        line=number,
        text=blamed.text,
        commit=blamed.commit,
        authored=blamed.authored,
        author=credited.get((blamed.commit, blamed.path, blamed.line)),
    )


def _author(credit: NotedCredit) -> Author:
    return Author(credit.trace, credit.step_index, credit.call, credit.tier)
