"""What the lines of a session say of its session as a whole, counted line by line."""

from collections.abc import Sequence
from dataclasses import field, fields
from math import fsum
from typing import Any

from opentraces.adapters._reading.counting import (
    LONGEST_NAME,
    LONGEST_PROMPT,
    MOST_NAMES,
    OTHER,
    Counted,
    Names,
)
from opentraces.adapters._reading.values import name, text
from opentraces.adapters.pi.drafts import USAGE
from opentraces.domain.built import built
from opentraces.domain.facts import SourceFacts
from opentraces.domain.slotted import mutable_dataclass

_LONGEST_TITLE = 500
_MOST_EVENTS = 10_000


@mutable_dataclass
class Tally(Counted):
    """Cumulative over the source; every field is a value that JSON can hold."""

    title: str | None = None
    commands: list[dict[str, Any]] = field(default_factory=list)
    expenses: dict[str, list[Any]] = field(default_factory=dict)
    unseen: list[int] = field(default_factory=list)
    limitations: Names = field(default_factory=dict)
    native: dict[str, Any] = field(default_factory=dict)

    def prompt(self, typed: str) -> None:
        """Take a text that a person typed."""
        self.prompts += 1
        if typed.strip():
            self.first_prompt = self.first_prompt or typed[:LONGEST_PROMPT]

    def name_session(self, given: Any) -> None:
        """Take the name that a user gave the session; without one, it has none any more."""
        title = text(given)
        self.title = title[:_LONGEST_TITLE] if title is not None else None

    def happened(self, rows: list[Any], row: Any) -> None:
        """Note what happened at a step, unless there is no end to it."""
        if len(rows) < _MOST_EVENTS and row not in rows[-4:]:
            rows.append(row)

    def say(self, key: str, value: Any) -> None:
        """Take what only this agent says of a session; what was said first stands."""
        if name(value) is not None:
            self.native.setdefault(key, value)

    def add(self, key: str, number: int) -> None:
        """Add to a number that only this agent has."""
        if number:
            self.native[key] = self.native.get(key, 0) + number

    def pay(self, kind: str, usage: Sequence[int], cost: float | None) -> None:
        """Take what a call of a model cost that is no step."""
        kind = kind[:LONGEST_NAME]
        if kind not in self.expenses and len(self.expenses) >= MOST_NAMES:
            kind = OTHER
        calls, spent, costs = self.expenses.get(kind, [0, [0, 0, 0, 0], []])
        total = [old + new for old, new in zip(spent, usage, strict=True)]
        known = None if cost is None or costs is None else [fsum((*costs, cost))]
        self.expenses[kind] = [calls + 1, total, known]

    def facts(self, branching: dict[str, Any]) -> SourceFacts:
        """Sum up; `branching`: a Branching's fields."""
        return built(
            SourceFacts,
            {
                **{each: getattr(self, each) for each in _AS_THEY_ARE},
                **{each: tuple(getattr(self, each)) for each in _IN_ORDER},
                "given_title": self.title,
                "lines": {
                    "recognised": self.recognised,
                    "unknown": self.unknown,
                    "bad": self.bad,
                },
                "branching": branching,
                "expenses": [_expense(kind, *said) for kind, said in self.expenses.items()],
            },
        )

    def saved(self) -> dict[str, Any]:
        """Return it as values that JSON can hold."""
        return {each.name: getattr(self, each.name) for each in fields(self)}


_AS_THEY_ARE = [
    "first_moment",
    "started",
    "ended",
    "first_prompt",
    "line_types",
    "unknown_types",
    "prompts",
    "responses",
    "native",
]
_IN_ORDER = [
    "models",
    "folders",
    "compactions",
    "commands",
    "interruptions",
    "failures",
    "unseen",
    "giants",
    "limitations",
]


def _expense(
    kind: str, calls: int, usage: Sequence[int], costs: list[float] | None
) -> dict[str, Any]:
    cost = costs[0] if costs else None
    tokens = dict(zip(USAGE, usage, strict=True))
    return {"kind": kind, "calls": calls, "usage": tokens, "cost_usd": cost}
