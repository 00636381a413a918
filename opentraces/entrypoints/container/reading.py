"""How reading a trace is wired: plain functions that import nothing that writes or searches."""

from collections.abc import Mapping

from opentraces.adapters.claude_code.hook_events import ClaudeCodeHookEvents
from opentraces.adapters.codex_cli.hook_events import CodexHookEvents
from opentraces.adapters.filesystem.traces import FilesystemTraceStore
from opentraces.adapters.pi.hook_events import PiHookEvents
from opentraces.application.get_trace import GetTrace
from opentraces.application.resolve_trace import ResolveTrace
from opentraces.application.tail_trace import TailTrace
from opentraces.domain.session import Agent
from opentraces.entrypoints.container.describing import later_format
from opentraces.entrypoints.container.overviewing import overview
from opentraces.entrypoints.lazy import lazy
from opentraces.entrypoints.settings import Settings
from opentraces.ports.hook_events import HookEvents


def traces(settings: Settings) -> FilesystemTraceStore:
    """Make the TraceStore."""
    return FilesystemTraceStore(settings.bucket)


def get_trace(settings: Settings) -> GetTrace:
    """Make the use case that reads a trace."""
    store = traces(settings)
    return GetTrace(store, ResolveTrace(store), hook_events(settings))


def hook_events(settings: Settings) -> Mapping[Agent, HookEvents]:
    """Make the HookEvents of each agent; those in repositories may name its own files only."""
    return {
        Agent.CLAUDE_CODE: ClaudeCodeHookEvents(),
        Agent.CODEX_CLI: CodexHookEvents(tuple(map(str, settings.codex_homes))),
        Agent.PI: PiHookEvents(tuple(map(str, settings.pi_session_dirs))),
    }


def tail_trace(settings: Settings) -> TailTrace:
    """Make the use case that reads the end of a trace."""
    return TailTrace(overview(settings), get_trace(settings))


def is_marked(settings: Settings) -> bool:
    """Whether an interrupted run may have left it open which trace holds which step.

    Never of a bucket that a later release made: it is not for this one to finish.
    """
    dirty = settings.state / "dirty"
    return dirty.is_dir() and any(dirty.iterdir()) and later_format(settings) is None


catch_up = lazy("opentraces.entrypoints.container.build:catch_up")
"""Make the CatchUp of some Settings: imported only when something is marked."""
