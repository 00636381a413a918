"""At which of its events Codex runs our script, and how it is told to."""

from opentraces.domain.setup import AgentHooks, HookPoint

_TIMEOUT_S = 10
_LAST_TIMEOUT_S = 3
"""Of the last events of a session: Codex shortens any longer one to that, and says so each time."""

_TOOLS = "Bash|apply_patch"
"""Tools that change files or run commands: of others the rollout has it all."""

HOOKS = AgentHooks(
    settings="hooks.json",
    script="codex_cli.py",
    trusted_by="start codex, type /hooks, and trust those of opentraces",
    root_keys=frozenset(("description", "hooks")),
    points=(
        HookPoint("SessionStart", _TIMEOUT_S),
        HookPoint("UserPromptSubmit", _TIMEOUT_S),
        HookPoint("PostToolUse", _TIMEOUT_S, _TOOLS),
        HookPoint("PermissionRequest", _TIMEOUT_S),
        HookPoint("SubagentStart", _TIMEOUT_S),
        HookPoint("SubagentStop", _TIMEOUT_S),
        HookPoint("PreCompact", _TIMEOUT_S),
        HookPoint("PostCompact", _TIMEOUT_S),
        HookPoint("Stop", _TIMEOUT_S),
        HookPoint("Interrupt", _LAST_TIMEOUT_S),
        HookPoint("SessionEnd", _LAST_TIMEOUT_S),
    ),
)
"""What stands in its `hooks.json`. A user trusts each of these as it is: whatever changes in one,
the Python or a folder too, makes Codex skip it until it is trusted anew."""
