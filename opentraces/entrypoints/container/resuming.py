"""How going on with a session is wired: plain functions, without the container."""

from collections.abc import Mapping

from opentraces.adapters.claude_code.resuming import ClaudeCodeResuming
from opentraces.adapters.filesystem.blobs import FilesystemBlobStore
from opentraces.adapters.filesystem.destination import FolderDestination
from opentraces.adapters.filesystem.surroundings import FilesystemCheckouts
from opentraces.adapters.git.command import GitCommand
from opentraces.adapters.git.revisions import GitRevisions
from opentraces.adapters.git.worktrees import GitWorktrees
from opentraces.application.kept_texts import KeptTexts
from opentraces.application.past_worktree import PastWorktree
from opentraces.application.plan_resume import PlanResume
from opentraces.application.read_actions import ReadActions
from opentraces.application.read_trail import ReadTrail
from opentraces.application.resolve_trace import ResolveTrace
from opentraces.application.resume_session import ResumeSession
from opentraces.domain.session import Agent
from opentraces.entrypoints.container.kept import hook_events, traces
from opentraces.entrypoints.container.trail import open_repository
from opentraces.entrypoints.settings import Settings
from opentraces.ports.resumable import ResumableFormat

FORMATS: Mapping[Agent, ResumableFormat] = {Agent.CLAUDE_CODE: ClaudeCodeResuming()}
"""The agents whose sessions can be gone on with."""


def plan_resume(settings: Settings) -> PlanResume:
    """Make the use case that works out how a session can be gone on with."""
    store, git = traces(settings), GitCommand(settings.search_path)
    return PlanResume(
        traces=store,
        blobs=FilesystemBlobStore(settings.bucket),
        resolve=ResolveTrace(store),
        formats=FORMATS,
        past=PastWorktree(
            open=open_repository(settings),
            trails=ReadTrail(store, hook_events(settings)),
            actions=ReadActions(KeptTexts(store)),
            revisions=GitRevisions(git),
            worktrees=GitWorktrees(git),
        ),
        checkouts=FilesystemCheckouts(),
    )


def resume_session(settings: Settings) -> ResumeSession:
    """Make the use case that makes what a session needs to be gone on with."""
    return ResumeSession(
        traces=traces(settings),
        blobs=FilesystemBlobStore(settings.bucket),
        formats=FORMATS,
        worktrees=GitWorktrees(GitCommand(settings.search_path)),
    )


def destination(settings: Settings) -> FolderDestination:
    """Make the place of the new session's file."""
    return FolderDestination(settings.resumed)
