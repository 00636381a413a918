"""A step while lines may still add to it."""

from typing import Any

from opentraces.adapters._reading.changed_files import Held, changes_of
from opentraces.domain.built import built
from opentraces.domain.ids import StepKey
from opentraces.domain.parsing import ParsedStep
from opentraces.domain.step import Role, Step

USAGE = ("input_tokens", "output_tokens", "cache_read_tokens", "cache_write_tokens")
"""The classes of tokens, in the order of `Draft.usage`."""


class Draft:
    """One step, with all that was said of it so far. Every field is a value that JSON can hold."""

    __slots__ = (
        "calls",
        "changes",
        "is_changed",
        "key",
        "model",
        "moment",
        "native",
        "observations",
        "ordinal",
        "places",
        "revision",
        "role",
        "texts",
        "thinking",
        "timestamp",
        "tools",
        "usage",
        "waits",
        "weight",
    )

    def __init__(self, ordinal: int, key: StepKey, role: Role, moment: int) -> None:
        self.ordinal = ordinal
        self.key = key
        self.role: Role = role
        self.moment = moment
        self.native: dict[str, str] = {}
        self.texts: list[str] = []
        self.thinking: list[str] = []
        self.calls: list[dict[str, Any]] = []
        self.changes: Held = {}
        self.places: dict[str, dict[str, Any]] = {}
        self.observations: list[dict[str, Any]] = []
        self.usage: list[int] = []
        self.waits: dict[str, None] = {}
        self.model: str | None = None
        self.timestamp: str | None = None
        self.tools: list[str] = []
        self.weight = 0
        self.revision = -1
        self.is_changed = True

    def parsed(self) -> ParsedStep:
        """Return it as it is now; the next time, with a higher revision."""
        self.revision += 1
        self.is_changed = False
        is_answer = self.role == "agent"
        step: dict[str, Any] = {
            "step_index": 0,
            "role": self.role,
            "content": "\n".join(self.texts) if self.texts else None,
            "reasoning_content": "\n".join(self.thinking) if self.thinking else None,
            "model": self.model,
            "agent_role": "main",
            "call_type": "main" if is_answer else None,
            "tools_available": self.tools,
            "tool_calls": self.calls,
            "observations": self.observations,
            "token_usage": dict(zip(USAGE, self.usage, strict=False)),
            "timestamp": self.timestamp,
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

    def saved(self) -> list[Any]:
        """Return it as values that JSON can hold."""
        return [getattr(self, name) for name in self.__slots__]

    @classmethod
    def restored(cls, values: list[Any]) -> "Draft":
        """Return what `saved` returned, as it was."""
        draft = cls(0, StepKey(""), "system", 0)
        for name, value in zip(cls.__slots__, values, strict=True):
            setattr(draft, name, value)
        return draft
