"""At which of its events Claude Code runs our script, and how it is told to."""

from opentraces.domain.setup import AgentHooks, HookPoint

_TIMEOUT_S = 10
_TOOLS = "Bash|Edit|MultiEdit|Write|NotebookEdit|Agent|Task"
"""Tools that change files, run commands or start agents: of others the transcript has it all."""

HOOKS = AgentHooks(
    settings="settings.json",
    script="claude_code.py",
    switch="disableAllHooks",
    points=(
        HookPoint("SessionStart", _TIMEOUT_S),
        HookPoint("UserPromptSubmit", _TIMEOUT_S),
        HookPoint("PostToolUse", _TIMEOUT_S, _TOOLS),
        HookPoint("PostToolUseFailure", _TIMEOUT_S, _TOOLS),
        HookPoint("PermissionRequest", _TIMEOUT_S),
        HookPoint("PermissionDenied", _TIMEOUT_S),
        HookPoint("SubagentStop", _TIMEOUT_S),
        HookPoint("PreCompact", _TIMEOUT_S),
        HookPoint("PostCompact", _TIMEOUT_S),
        HookPoint("Stop", _TIMEOUT_S),
        HookPoint("StopFailure", _TIMEOUT_S),
        HookPoint("SessionEnd", _TIMEOUT_S),
    ),
)
"""What stands in its `settings.json`."""
