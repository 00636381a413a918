"""What the lines of a session say of its session as a whole, counted line by line."""

from collections.abc import Sequence
from dataclasses import dataclass, field, fields
from math import fsum
from typing import Any

from opentraces.adapters._reading.values import name, text
from opentraces.adapters.pi.drafts import USAGE
from opentraces.domain.facts import SourceFacts
from opentraces.domain.moments import milliseconds

_MOST_NAMES = 200
_LONGEST_NAME = 80
_LONGEST_PROMPT = 2000
_LONGEST_TITLE = 500
_MOST_EVENTS = 10_000

OTHER = "(other)"
"""The name under which all further names are counted when there are too many."""

Names = dict[str, None]
"""Distinct names in order of appearance."""


@dataclass(slots=True)
class Tally:
    """Cumulative over the source; every field is a value that JSON can hold."""

    recognised: int = 0
    unknown: int = 0
    bad: int = 0
    line_types: dict[str, int] = field(default_factory=dict)
    unknown_types: dict[str, int] = field(default_factory=dict)
    moment: int = 0
    first_moment: int | None = None
    started: str | None = None
    started_ms: int = 0
    ended: str | None = None
    ended_ms: int = 0
    title: str | None = None
    first_prompt: str | None = None
    models: Names = field(default_factory=dict)
    folders: Names = field(default_factory=dict)
    prompts: int = 0
    responses: int = 0
    commands: list[dict[str, Any]] = field(default_factory=list)
    expenses: dict[str, list[Any]] = field(default_factory=dict)
    compactions: list[dict[str, Any]] = field(default_factory=list)
    interruptions: list[int] = field(default_factory=list)
    failures: list[int] = field(default_factory=list)
    unseen: list[int] = field(default_factory=list)
    giants: list[dict[str, Any]] = field(default_factory=list)
    limitations: Names = field(default_factory=dict)
    native: dict[str, Any] = field(default_factory=dict)

    def time(self, stamp: Any) -> str | None:
        """Take a line's timestamp; return it if it is one."""
        moment = milliseconds(stamp) if type(stamp) is str else None
        if moment is None:
            return None
        if self.first_moment is None:
            self.first_moment = moment
        if self.started is None or moment < self.started_ms:
            self.started, self.started_ms = stamp, moment
        if self.ended is None or moment > self.ended_ms:
            self.ended, self.ended_ms = stamp, moment
        self.moment = max(self.moment, moment)
        return str(stamp)

    def alien(self, named: str) -> None:
        """Take a line of an unknown type."""
        self.unknown += 1
        add_one(self.unknown_types, named)

    def prompt(self, typed: str) -> None:
        """Take a text that a person typed."""
        self.prompts += 1
        if typed.strip():
            self.first_prompt = self.first_prompt or typed[:_LONGEST_PROMPT]

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
        kind = kind[:_LONGEST_NAME]
        if kind not in self.expenses and len(self.expenses) >= _MOST_NAMES:
            kind = OTHER
        calls, spent, costs = self.expenses.get(kind, [0, [0, 0, 0, 0], []])
        total = [old + new for old, new in zip(spent, usage, strict=True)]
        known = None if cost is None or costs is None else [fsum((*costs, cost))]
        self.expenses[kind] = [calls + 1, total, known]

    def facts(self, branching: dict[str, Any]) -> SourceFacts:
        """Sum up; `branching`: a Branching's fields."""
        return SourceFacts.model_validate(
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
            }
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


def note(names: Names, value: Any) -> None:
    """Add a name, unless there are too many already."""
    named = name(value)
    if named is not None and named not in names and len(names) < _MOST_NAMES:
        names[named] = None


def add_one(counts: dict[str, int], named: str) -> None:
    """Count a name; those that are too many are counted together."""
    named = named[:_LONGEST_NAME]
    if named not in counts and len(counts) >= _MOST_NAMES:
        named = OTHER
    counts[named] = counts.get(named, 0) + 1


def _expense(
    kind: str, calls: int, usage: Sequence[int], costs: list[float] | None
) -> dict[str, Any]:
    cost = costs[0] if costs else None
    tokens = dict(zip(USAGE, usage, strict=True))
    return {"kind": kind, "calls": calls, "usage": tokens, "cost_usd": cost}
