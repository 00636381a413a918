"""How what is kept is reached: plain functions that import nothing that writes or searches."""

from collections.abc import Mapping

from opentraces.adapters.claude_code.hook_events import ClaudeCodeHookEvents
from opentraces.adapters.codex_cli.hook_events import CodexHookEvents
from opentraces.adapters.filesystem.traces import FilesystemTraceStore
from opentraces.adapters.pi.hook_events import PiHookEvents
from opentraces.domain.session import Agent
from opentraces.entrypoints.settings import Settings
from opentraces.ports.hook_events import HookEvents


def traces(settings: Settings) -> FilesystemTraceStore:
    """Make the TraceStore."""
    return FilesystemTraceStore(settings.bucket)


def hook_events(settings: Settings) -> Mapping[Agent, HookEvents]:
    """Make the HookEvents of each agent; those in repositories may name its own files only."""
    return {
        Agent.CLAUDE_CODE: ClaudeCodeHookEvents(),
        Agent.CODEX_CLI: CodexHookEvents(tuple(map(str, settings.codex_homes))),
        Agent.PI: PiHookEvents(tuple(map(str, settings.pi_session_dirs))),
    }
