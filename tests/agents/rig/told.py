"""What hooks told of a session, where the kept record says it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from benchmarks.program import Program


@dataclass(frozen=True)
class Told:
    """A kept record, asked for what only hooks can have told."""

    program: Program
    record: Mapping[str, Any]

    @property
    def session(self) -> str:
        """The client's own id of the session."""
        return str(self.record["session_id"])

    @property
    def events(self) -> dict[str, int]:
        """How many events of each name there were."""
        events: dict[str, int] = self._hooks["events"]
        return events

    @property
    def permissions(self) -> list[tuple[str, str]]:
        """Each permission that was asked for or refused: the decision, and the call's id."""
        told = self._hooks.get("permissions", [])
        return [(each["decision"], each.get("tool_call_id", "")) for each in told]

    @property
    def callers(self) -> dict[str, str | None]:
        """By the id of each call whose response was told: the sub-agent that made it, if any."""
        told = self._hooks.get("tool_responses", [])
        return {each["tool_call_id"]: each.get("agent_id") for each in told}

    def calls(self, tool: str, argument: str = "") -> list[str]:
        """Return the ids of the calls of a tool with this text in their arguments."""
        return [
            call["tool_call_id"]
            for step in self.record["steps"]
            for call in step["tool_calls"]
            if call["tool_name"] == tool and argument in str(call["input"])
        ]

    def response(self, call: str) -> dict[str, Any]:
        """Return all that a tool gave back, as the hook was told."""
        (step,) = (
            step["step_index"]
            for step in self.record["steps"]
            if call in [each["tool_call_id"] for each in step["tool_calls"]]
        )
        got = self.program.json("trace", "get", f"{self.session}:{step}")
        response: dict[str, Any] = got["tool_responses"][call]
        return response

    @property
    def _hooks(self) -> Mapping[str, Any]:
        hooks: Mapping[str, Any] = self.record["metadata"]["hooks"]
        return hooks
