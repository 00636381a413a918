"""What a source says of its session as a whole, counted line by line."""

from dataclasses import asdict, field
from typing import Any

from opentraces.adapters._reading.counting import LONGEST_PROMPT, MOST_NAMES, add_one
from opentraces.adapters._reading.values import name
from opentraces.domain.built import built
from opentraces.domain.facts import SourceFacts
from opentraces.domain.moments import milliseconds
from opentraces.domain.slotted import mutable_dataclass

_MOST_EVENTS = 10_000


@mutable_dataclass
class Tally:
    """Cumulative over the source; every field is a value that JSON can hold."""

    recognised: int = 0
    unknown: int = 0
    bad: int = 0
    line_types: dict[str, int] = field(default_factory=dict)
    unknown_types: dict[str, int] = field(default_factory=dict)
    moment: int = 0
    is_spent: bool = False
    first_moment: int | None = None
    started: str | None = None
    ended: str | None = None
    first_prompt: str | None = None
    models: dict[str, None] = field(default_factory=dict)
    prompts: int = 0
    responses: int = 0
    compactions: list[dict[str, Any]] = field(default_factory=list)
    giants: list[dict[str, Any]] = field(default_factory=list)
    limitations: dict[str, None] = field(default_factory=dict)
    native: dict[str, Any] = field(default_factory=dict)

    def known(self, kind: str) -> None:
        """Count a line of a known type."""
        self.recognised += 1
        add_one(self.line_types, kind)

    def alien(self, kind: str) -> None:
        """Count a line of an unknown type."""
        self.unknown += 1
        add_one(self.unknown_types, kind)

    def time(self, stamp: str | None) -> str | None:
        """Take the time of a line; return it if it is one."""
        moment = milliseconds(stamp)
        if moment is None:
            return None
        self.moment = max(self.moment, moment)
        if self.first_moment is None:
            self.first_moment = moment
        if moment < (milliseconds(self.started) or moment + 1):
            self.started = stamp
        if moment > (milliseconds(self.ended) or moment - 1):
            self.ended = stamp
        return stamp

    def prompt(self, typed: str) -> None:
        """Take a text that a person typed."""
        self.prompts += 1
        if typed.strip():
            self.first_prompt = self.first_prompt or typed[:LONGEST_PROMPT]

    def model(self, said: Any) -> str | None:
        """Take the name of a model; return it if it is one."""
        named = name(said)
        if named is not None and len(self.models) < MOST_NAMES:
            self.models[named] = None
        return named

    def happened(self, rows: list[dict[str, Any]], row: dict[str, Any]) -> None:
        """Note what happened at a step, unless there is no end to it."""
        if len(rows) < _MOST_EVENTS:
            rows.append(row)

    def add(self, key: str, number: int) -> None:
        """Add to a number that only this agent has."""
        if number:
            self.native[key] = self.native.get(key, 0) + number

    def facts(self, said: dict[str, Any]) -> SourceFacts:
        """Sum up; `said` is what the session's note adds to it."""
        values = asdict(self)
        del values["moment"], values["is_spent"]
        lines = {kind: values.pop(kind) for kind in ("recognised", "unknown", "bad")}
        native = {**values.pop("native"), **said.pop("native", {})}
        limitations = (*values.pop("limitations"), *said.pop("limitations", ()))
        models = tuple(dict.fromkeys((*said.pop("models", ()), *values.pop("models"))))
        return built(
            SourceFacts,
            {
                **values,
                **said,
                "lines": lines,
                "native": native,
                "limitations": limitations,
                "models": models,
            },
        )
