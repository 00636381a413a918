"""How what is kept is reached: plain functions that import nothing that writes or searches."""

from collections.abc import Callable, Mapping
from functools import partial

from opentraces.adapters.filesystem.traces import FilesystemTraceStore
from opentraces.domain.session import Agent
from opentraces.entrypoints.lazy import MadeWhenAsked, lazy
from opentraces.entrypoints.settings import Settings
from opentraces.ports.hook_events import HookEvents

_claude_code = lazy("opentraces.adapters.claude_code.hook_events:ClaudeCodeHookEvents")
_codex_cli = lazy("opentraces.adapters.codex_cli.hook_events:CodexHookEvents")
_pi = lazy("opentraces.adapters.pi.hook_events:PiHookEvents")
"""Imported where an agent's events are read."""


def traces(settings: Settings) -> FilesystemTraceStore:
    """Make the TraceStore."""
    return FilesystemTraceStore(settings.bucket)


def hook_events(settings: Settings) -> Mapping[Agent, HookEvents]:
    """Make the HookEvents of each agent; those in repositories may name its own files only."""
    makers: Mapping[Agent, Callable[[], HookEvents]] = {
        Agent.CLAUDE_CODE: _claude_code,
        Agent.CODEX_CLI: partial(_codex_cli, tuple(map(str, settings.codex_homes))),
        Agent.PI: partial(_pi, tuple(map(str, settings.pi_session_dirs))),
    }
    return MadeWhenAsked(makers)
