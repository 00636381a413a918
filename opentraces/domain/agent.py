"""Whose sessions are read; apart, for commands that only search name them, too."""

from enum import StrEnum


class Agent(StrEnum):
    """The coding agents whose sessions are read; the value is `agent.name` in a TraceRecord."""

    CLAUDE_CODE = "claude-code"
    CODEX_CLI = "codex-cli"
    HERMES = "hermes"
    PI = "pi"

    @property
    def tells_requests(self) -> bool:
        """Whether what it loads of ours sees each request to the model, as it is sent."""
        return self is Agent.PI
