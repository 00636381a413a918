"""A step while lines may still add to it."""

from typing import Any

from opentraces.adapters._reading.changed_files import Held, changes_of
from opentraces.domain.ids import StepKey
from opentraces.domain.parsing import ParsedStep
from opentraces.domain.step import Observation, Role, Step, TokenUsage, ToolCall

USAGE = ("input_tokens", "output_tokens", "cache_read_tokens", "cache_write_tokens")
"""The classes of tokens, in the order of `Draft.usage`; two parts of the last one follow there:
what was written to the cache for an hour, and for five minutes."""


class Draft:
    """One step, with all that was said of it so far."""

    __slots__ = (
        "agent_role",
        "asked",
        "call_type",
        "calls",
        "changes",
        "is_changed",
        "key",
        "model",
        "moment",
        "native",
        "observations",
        "ordinal",
        "revision",
        "role",
        "texts",
        "thinking",
        "timestamp",
        "unanswered",
        "usage",
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
        self.usage = [0, 0, 0, 0, 0, 0]
        self.unanswered: dict[str, None] = {}
        self.asked: dict[str, list[Any]] = {}
        self.changes: Held = {}
        self.model: str | None = None
        self.timestamp: str | None = None
        self.agent_role: str | None = None
        self.call_type: str | None = None
        self.weight = 0
        self.revision = -1
        self.is_changed = True

    def answer(self, call: str, observation: dict[str, Any], duration_ms: int | None) -> None:
        """Add what came back from one of its calls."""
        self.observations.append(observation)
        self.is_changed = True
        self.unanswered.pop(call, None)
        if duration_ms is not None and call in self.calls:
            self.calls[call]["duration_ms"] = duration_ms

    def parsed(self) -> ParsedStep:
        """Return it as it is now; the next time, with a higher revision."""
        self.revision += 1
        self.is_changed = False
        return ParsedStep(
            ordinal=self.ordinal,
            moment=self.moment,
            revision=self.revision,
            key=self.key,
            native=dict(self.native),
            step=self._step(),
            changes=changes_of(self.changes),
        )

    def _step(self) -> Step:
        """Return what is kept of it: every value was taken for what it is when it was read."""
        said: dict[str, Any] = {
            "step_index": 0,
            "role": self.role,
            "content": "\n".join(self.texts) if self.texts else None,
            "agent_role": self.agent_role,
            "timestamp": self.timestamp,
            "observations": tuple([Observation(**seen) for seen in self.observations]),
        }
        if self.role == "agent":
            said["reasoning_content"] = "\n".join(self.thinking) if self.thinking else None
            said["model"] = self.model
            said["call_type"] = self.call_type
            said["tool_calls"] = tuple([ToolCall(**call) for call in self.calls.values()])
            said["token_usage"] = TokenUsage(**dict(zip(USAGE, self.usage, strict=False)))
        return Step(**said)

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
