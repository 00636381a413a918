"""A step while lines may still add to it."""

from typing import Any

from opentraces.adapters._reading.changed_files import Held, changes_of
from opentraces.domain.built import built
from opentraces.domain.ids import StepKey
from opentraces.domain.parsing import ParsedStep
from opentraces.domain.step import Role, Step

USAGE = ("input_tokens", "output_tokens", "cache_read_tokens", "cache_write_tokens")
"""The classes of tokens, in the order of `Draft.usage`."""

OUTPUT, END = "output", "end"
"""What a call waits for: what the model is told of it; the end of what it began."""


class Draft:
    """One step, with all that was said of it so far. Every field is a value that JSON can hold."""

    __slots__ = (
        "agent_role",
        "call_type",
        "calls",
        "changes",
        "ended",
        "folder",
        "is_changed",
        "key",
        "model",
        "moment",
        "native",
        "observations",
        "ordinal",
        "revision",
        "role",
        "started",
        "texts",
        "thinking",
        "timestamp",
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
        self.calls: dict[str, dict[str, Any]] = {}
        self.observations: list[dict[str, Any]] = []
        self.usage: list[int] | None = None
        self.waits: dict[str, str] = {}
        self.changes: Held = {}
        self.folder: str | None = None
        self.ended: dict[str, int] = {}
        self.model: str | None = None
        self.timestamp: str | None = None
        self.agent_role: str | None = None
        self.call_type: str | None = None
        self.started: str | None = None
        self.weight = 0
        self.revision = -1
        self.is_changed = True

    def parsed(self) -> ParsedStep:
        """Return it as it is now; the next time, with a higher revision."""
        self.revision += 1
        self.is_changed = False
        step: dict[str, Any] = {
            "step_index": 0,
            "role": self.role,
            "content": "\n".join(self.texts) if self.texts else None,
            "agent_role": self.agent_role,
            "timestamp": self.timestamp,
            "observations": self.observations,
        }
        if self.role == "agent":
            step |= {
                "reasoning_content": "\n".join(self.thinking) if self.thinking else None,
                "model": self.model,
                "call_type": self.call_type,
                "tool_calls": list(self.calls.values()),
                "token_usage": dict(zip(USAGE, self.usage or (), strict=False)),
                "subagent_trajectory_ref": self.started,
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
