"""A step while lines may still add to it."""

from dataclasses import asdict, field
from typing import Any

from opentraces.adapters._reading.changed_files import Held, changes_of
from opentraces.domain.built import built
from opentraces.domain.ids import StepKey
from opentraces.domain.parsing import ParsedStep
from opentraces.domain.slotted import mutable_dataclass
from opentraces.domain.step import Role, Step

USAGE = ("input_tokens", "output_tokens", "cache_read_tokens", "cache_write_tokens")
"""The classes of tokens, in the order of `Draft.usage`."""

_SUMMARY = 120
_LONG = 200
_ERROR = 2000


@mutable_dataclass
class Draft:
    """One step, with all that was said of it so far. Every field is a value that JSON can hold."""

    ordinal: int
    key: StepKey
    role: Role
    moment: int
    text: str | None = None
    thinking: str | None = None
    timestamp: str | None = None
    model: str | None = None
    agent_role: str | None = None
    call_type: str | None = None
    native: dict[str, str] = field(default_factory=dict)
    tools: list[str] = field(default_factory=list)
    calls: dict[str, dict[str, Any]] = field(default_factory=dict)
    observations: list[dict[str, Any]] = field(default_factory=list)
    changes: Held = field(default_factory=dict)
    waits: dict[str, None] = field(default_factory=dict)
    usage: list[int] | None = None
    weight: int = 0
    revision: int = -1
    is_changed: bool = True

    def parsed(self) -> ParsedStep:
        """Return it as it is now; the next time, with a higher revision."""
        self.revision += 1
        self.is_changed = False
        step: dict[str, Any] = {
            "step_index": 0,
            "role": self.role,
            "content": self.text,
            "agent_role": self.agent_role,
            "timestamp": self.timestamp,
            "observations": self.observations,
        }
        if self.role == "agent":
            step |= {
                "reasoning_content": self.thinking,
                "model": self.model,
                "call_type": self.call_type,
                "tools_available": self.tools,
                "tool_calls": list(self.calls.values()),
                "token_usage": dict(zip(USAGE, self.usage or (), strict=False)),
            }
        return ParsedStep(
            ordinal=self.ordinal,
            moment=self.moment,
            revision=self.revision,
            key=self.key,
            native=dict(self.native),
            step=built(Step, step),
            changes=changes_of(self.changes),
        )

    def call(self, call: str, tool: str, given: dict[str, Any]) -> None:
        """Note a call of a tool, which waits for its result."""
        self.calls[call] = {"tool_call_id": call, "tool_name": tool, "input": given}
        self.waits[call] = None

    def answer(self, call: str, content: str | None, error: str | None) -> None:
        """Note what came back from a call."""
        seen: dict[str, Any] = {"source_call_id": call, "content": content or None}
        if content and len(content) > _LONG:
            seen["output_summary"] = content[:2000].lstrip().split("\n", 1)[0][:_SUMMARY] or None
        if error:
            seen["error"] = error[:_ERROR]
        self.observations.append(seen)
        self.waits.pop(call, None)
        self.is_changed = True

    def saved(self) -> dict[str, Any]:
        """Return it as values that JSON can hold."""
        return asdict(self)
