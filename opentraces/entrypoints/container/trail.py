"""How questions about trails are wired: plain functions, without the container.

Git, SQLite and what compares texts are imported when they are first asked.
"""

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager

from opentraces import __version__
from opentraces.adapters.filesystem.clock import SystemClock
from opentraces.adapters.filesystem.commit_notes import FilesystemCommitNotes
from opentraces.adapters.filesystem.mounts import Mounts
from opentraces.adapters.filesystem.surroundings import FilesystemCheckouts
from opentraces.application.added_lines import AddedLines
from opentraces.application.blame_lines import BlameLines
from opentraces.application.credit_commits import CreditCommits
from opentraces.application.describe_range import DescribeRange
from opentraces.application.explain_silence import ExplainSilence
from opentraces.application.export_agent_trace import ExportAgentTrace
from opentraces.application.find_prompts import FindPrompts
from opentraces.application.follow_trail import FollowTrail
from opentraces.application.graph_trail import GraphTrail
from opentraces.application.keep_anchors import KeepAnchors
from opentraces.application.kept_texts import KeptTexts
from opentraces.application.losing_traces import LosingTraces
from opentraces.application.noted_heads import NotedHeads
from opentraces.application.observe_replaced import ObserveReplaced
from opentraces.application.observe_start import ObserveStart
from opentraces.application.observe_survival import ObserveSurvival
from opentraces.application.observe_worktree import ObserveWorktree
from opentraces.application.open_repository import OpenRepository
from opentraces.application.pending_lines import PendingLines
from opentraces.application.place_strays import PlaceStrays
from opentraces.application.read_actions import ReadActions
from opentraces.application.read_trail import ReadTrail
from opentraces.application.refresh_trail import RefreshTrail
from opentraces.application.resolve_range import ResolveRange
from opentraces.application.resolve_trace import ResolveTrace
from opentraces.application.show_trail import ShowTrail
from opentraces.application.touching import Touching
from opentraces.application.trail_status import TrailStatus
from opentraces.domain.envelope import TraceHeader
from opentraces.domain.ids import TraceId
from opentraces.domain.trail.start import Standing
from opentraces.domain.trail.text import Edit
from opentraces.entrypoints.container.enrolling import enrolments
from opentraces.entrypoints.container.git_when_asked import (
    IdentityWhenAsked,
    RepositoriesWhenAsked,
)
from opentraces.entrypoints.container.kept import hook_events, traces
from opentraces.entrypoints.lazy import lazy
from opentraces.entrypoints.settings import Settings
from opentraces.ports.commit_log import CommitLog
from opentraces.ports.revisions import Revisions
from opentraces.ports.text_diff import TextDiff
from opentraces.ports.trace_writing import Revised, TraceBatch, TraceWriter
from opentraces.ports.trail_index import TrailIndex
from opentraces.ports.worktree_files import CommittedFile, UncommittedFile, WorktreeFiles

_git_command = lazy("opentraces.adapters.git.command:GitCommand")
_git_revisions = lazy("opentraces.adapters.git.revisions:GitRevisions")
_git_commit_log = lazy("opentraces.adapters.git.commit_log:GitCommitLog")
_git_worktree_files = lazy("opentraces.adapters.git.worktree_files:GitWorktreeFiles")
_library_text_diff = lazy("opentraces.adapters.git.text_diff:LibraryTextDiff")
_markers = lazy("opentraces.entrypoints.container.writing:markers")
_writer = lazy("opentraces.entrypoints.container.writing:writer")
_trail_index = lazy("opentraces.entrypoints.container.noting:trail_index")


class _DiffWhenAsked(TextDiff):
    """Is made when it is first asked."""

    def __init__(self) -> None:
        self._diff: TextDiff | None = None

    def edits(self, old: bytes, new: bytes) -> Sequence[Edit]:
        """See TextDiff."""
        self._diff = self._diff or _library_text_diff()
        return self._diff.edits(old, new)


class _FilesWhenAsked(WorktreeFiles):
    """Is made when it is first asked."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings

    def uncommitted(self, worktree: str, since_ns: int) -> tuple[UncommittedFile, ...]:
        """See WorktreeFiles."""
        return self._made().uncommitted(worktree, since_ns)

    def newly_committed(self, worktree: str, since_ns: int) -> tuple[CommittedFile, ...]:
        """See WorktreeFiles."""
        return self._made().newly_committed(worktree, since_ns)

    def standing(self, worktree: str, since_ns: int) -> Standing:
        """See WorktreeFiles."""
        return self._made().standing(worktree, since_ns)

    def _made(self) -> WorktreeFiles:
        files: WorktreeFiles = _git_worktree_files(_git_command(self._settings.search_path))
        return files


class _WriterWhenAsked(TraceWriter):
    """Is made when it is first asked: most questions find nothing new."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings

    def batch(self) -> AbstractContextManager[TraceBatch]:
        """See TraceWriter."""
        return self._made().batch()

    def delete(self, trace: TraceId) -> None:
        """See TraceWriter."""
        self._made().delete(trace)

    def is_deleted(self, trace: TraceId) -> bool:
        """See TraceWriter."""
        return self._made().is_deleted(trace)

    def revise(self, trace: TraceId, change: Callable[[TraceHeader], TraceHeader]) -> Revised:
        """See TraceWriter."""
        return self._made().revise(trace, change)

    def _made(self) -> TraceWriter:
        writer: TraceWriter = _writer(self._settings)
        return writer


def open_repository(settings: Settings) -> OpenRepository:
    """Make the use case that opens the repository around a folder."""
    return OpenRepository(
        checkouts=FilesystemCheckouts(),
        identity=IdentityWhenAsked(settings),
        repositories=RepositoriesWhenAsked(settings),
    )


def is_far(settings: Settings, folder: str) -> bool:
    """Whether a folder is on another machine's disk, which may be away: asking it may hang."""
    return Mounts(str(settings.home)).is_far(folder)


def refresh_trail(settings: Settings) -> RefreshTrail:
    """Make the use case that searches history for patches."""
    diff, index, revisions = _DiffWhenAsked(), _index(settings), _revisions(settings)
    return RefreshTrail(
        index=index,
        touching=_touching(settings, index),
        losing=LosingTraces(index, revisions),
        credit=CreditCommits(diff),
        keep=KeepAnchors(
            writer=_WriterWhenAsked(settings),
            index=index,
            survival=ObserveSurvival(diff, revisions),
            replaced=ObserveReplaced(revisions, FilesystemCheckouts()),
        ),
        heads=NotedHeads(FilesystemCommitNotes(settings.spool)),
    )


def place_strays(settings: Settings) -> PlaceStrays:
    """Make the use case that finds the repository of sessions whose worktree is gone."""
    return PlaceStrays(
        index=_index(settings),
        writer=_WriterWhenAsked(settings),
        checkouts=FilesystemCheckouts(),
        enrolments=enrolments(settings),
        identity=IdentityWhenAsked(settings),
        log=_commit_log(settings),
        revisions=_revisions(settings),
    )


def follow_trail(settings: Settings) -> FollowTrail:
    """Make the use case that asks Git after a session was kept."""
    diff, opening = _DiffWhenAsked(), open_repository(settings)
    files, touching = _FilesWhenAsked(settings), _touching(settings, _index(settings))
    writer, kept, marks = _WriterWhenAsked(settings), traces(settings), _markers(settings)
    clock = SystemClock()
    return FollowTrail(
        start=ObserveStart(opening, files, kept, touching, marks, writer, clock),
        observe=ObserveWorktree(opening, files, kept, touching, marks, diff, writer, clock),
        open=opening,
        refresh=refresh_trail(settings),
    )


def resolve_trace(settings: Settings) -> ResolveTrace:
    """Make the use case that finds a trace by what was typed."""
    return ResolveTrace(traces(settings))


def show_trail(settings: Settings) -> ShowTrail:
    """Make the use case that shows what a trace changed."""
    return ShowTrail(
        traces=traces(settings),
        trails=_trails(settings),
        texts=KeptTexts(traces(settings)),
        diff=_DiffWhenAsked(),
        log=_commit_log(settings),
    )


def export_agent_trace(settings: Settings) -> ExportAgentTrace:
    """Make the use case that hands on whose lines commits hold."""
    return ExportAgentTrace(traces(settings), resolve_trace(settings), __version__)


def trail_status(settings: Settings) -> TrailStatus:
    """Make the use case that counts patches."""
    return TrailStatus(traces(settings), _trails(settings), _index(settings))


def graph_trail(settings: Settings) -> GraphTrail:
    """Make the use case that lists commits with the sessions in them."""
    return GraphTrail(resolve_range(settings), _index(settings), traces(settings))


def describe_range(settings: Settings) -> DescribeRange:
    """Make the use case that describes a range of commits."""
    return DescribeRange(
        range=resolve_range(settings),
        index=_index(settings),
        prompts=FindPrompts(traces(settings)),
        added=AddedLines(_revisions(settings), _DiffWhenAsked()),
    )


def blame_lines(settings: Settings) -> BlameLines:
    """Make the use case that says who wrote lines; the trail is to be refreshed before."""
    diff, index, revisions = _DiffWhenAsked(), _index(settings), _revisions(settings)
    touching = _touching(settings, index)
    return BlameLines(
        refresh=None,
        index=index,
        pending=PendingLines(touching, revisions, diff),
        added=AddedLines(revisions, diff),
        silence=ExplainSilence(touching),
        prompts=FindPrompts(traces(settings)),
    )


def resolve_range(settings: Settings) -> ResolveRange:
    """Make the use case that finds commits by what was typed."""
    return ResolveRange(_revisions(settings), _commit_log(settings))


def _trails(settings: Settings) -> ReadTrail:
    return ReadTrail(traces(settings), hook_events(settings))


def _touching(settings: Settings, index: TrailIndex) -> Touching:
    return Touching(index, _trails(settings), ReadActions(KeptTexts(traces(settings))))


def _index(settings: Settings) -> TrailIndex:
    index: TrailIndex = _trail_index(settings)
    return index


def _revisions(settings: Settings) -> Revisions:
    revisions: Revisions = _git_revisions(_git_command(settings.search_path))
    return revisions


def _commit_log(settings: Settings) -> CommitLog:
    log: CommitLog = _git_commit_log(_git_command(settings.search_path))
    return log
