"""What a source says of its session as a whole, counted line by line."""

import re
from dataclasses import dataclass, field, fields
from typing import Any

from opentraces.adapters._reading.values import name, text
from opentraces.domain.facts import AgentLink, SourceFacts
from opentraces.domain.moments import milliseconds

_MOST_NAMES = 200
_LONGEST_NAME = 80
_LONGEST_PROMPT = 2000
_RELEASE = re.compile(r"\d{1,6}\.\d{1,6}[\w.+-]{0,40}", re.ASCII)
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
    custom_title: str | None = None
    agent_name: str | None = None
    agent_title: str | None = None
    first_prompt: str | None = None
    first_command: str | None = None
    versions: Names = field(default_factory=dict)
    alien_versions: Names = field(default_factory=dict)
    models: Names = field(default_factory=dict)
    folders: Names = field(default_factory=dict)
    branches: Names = field(default_factory=dict)
    entrypoints: Names = field(default_factory=dict)
    permission_modes: Names = field(default_factory=dict)
    slugs: Names = field(default_factory=dict)
    service_tiers: Names = field(default_factory=dict)
    spilled: Names = field(default_factory=dict)
    prompts: int = 0
    responses: int = 0
    synthetic: int = 0
    cache_write_1h: int = 0
    cache_write_5m: int = 0
    stop_reasons: dict[str, int] = field(default_factory=dict)
    unknown_blocks: dict[str, int] = field(default_factory=dict)
    forked_from: str | None = None
    reported_cost_usd: float | None = None
    surroundings: dict[str, Any] = field(default_factory=dict)
    agent_id: str | None = None
    last_answer: int | None = None
    links: dict[str, dict[str, Any]] = field(default_factory=dict)
    compactions: list[dict[str, Any]] = field(default_factory=list)
    interruptions: list[int] = field(default_factory=list)
    failures: list[int] = field(default_factory=list)
    commands: list[dict[str, Any]] = field(default_factory=list)
    giants: list[dict[str, Any]] = field(default_factory=list)

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

    def alien(self, named: Any, version: Any) -> None:
        """Take a line of an unknown type; of its version only what looks like a release's."""
        self.unknown += 1
        add_one(self.unknown_types, named)
        if type(version) is str and _RELEASE.fullmatch(version):
            note(self.alien_versions, version)

    def prompt(self, typed: str, *, has_words: bool) -> None:
        """Take a text that a person typed; one with words is the better title."""
        self.prompts += 1
        if has_words:
            self.first_prompt = self.first_prompt or typed[:_LONGEST_PROMPT]
        else:
            self.first_command = self.first_command or typed[:_LONGEST_PROMPT]

    def command(self, name: str, kind: str, ordinal: int) -> None:
        """Take the use of a skill or slash command."""
        self.commands.append({"name": name[:_LONGEST_NAME], "kind": kind, "ordinal": ordinal})

    def interruption(self, ordinal: int) -> None:
        """Take a step that was cut short, once."""
        if ordinal not in self.interruptions[-4:]:
            self.interruptions.append(ordinal)

    def link(self, link: AgentLink) -> None:
        """Take what is said of a sub-agent; what was said first stands."""
        known = self.links.get(link.agent_id, {})
        said = {name: value for name, value in link.model_dump().items() if value is not None}
        self.links[link.agent_id] = {**said, **known}

    def facts(self, own: AgentLink | None, limitations: tuple[str, ...]) -> SourceFacts:
        """Sum up; `own` is what a note says of the sub-agent whose lines these are."""
        links = dict(self.links)
        if own is not None:
            links[own.agent_id] = own.model_dump()
        return SourceFacts.model_validate(
            {
                **{name: getattr(self, name) for name in _AS_THEY_ARE},
                **{name: tuple(getattr(self, name)) for name in _IN_ORDER},
                "versions": tuple(self.versions or self.alien_versions),
                "given_title": self.custom_title or self.agent_name,
                "first_prompt": self.first_prompt or self.first_command,
                "lines": {
                    "recognised": self.recognised,
                    "unknown": self.unknown,
                    "bad": self.bad,
                },
                "links": tuple(links.values()),
                "limitations": limitations,
                "native": self._native(),
            }
        )

    def _native(self) -> dict[str, Any]:
        lists = {name: list(getattr(self, name)) for name in _NATIVE_NAMES}
        plain = {name: getattr(self, name) for name in _NATIVE_VALUES}
        return {name: value for name, value in {**lists, **plain}.items() if value}

    def saved(self) -> dict[str, Any]:
        """Return it as values that JSON can hold."""
        return {each.name: getattr(self, each.name) for each in fields(self)}


_AS_THEY_ARE = [
    "first_moment",
    "started",
    "ended",
    "agent_title",
    "line_types",
    "unknown_types",
    "prompts",
    "responses",
    "agent_id",
    "surroundings",
]
_IN_ORDER = [
    "models",
    "folders",
    "branches",
    "compactions",
    "interruptions",
    "failures",
    "commands",
    "giants",
]
_NATIVE_NAMES = ["entrypoints", "permission_modes", "slugs", "service_tiers", "spilled"]
_NATIVE_VALUES = [
    "synthetic",
    "cache_write_1h",
    "cache_write_5m",
    "stop_reasons",
    "unknown_blocks",
    "forked_from",
    "reported_cost_usd",
]


def note(names: Names, value: Any) -> None:
    """Add a name, unless there are too many already."""
    named = name(value)
    if named is not None and named not in names and len(names) < _MOST_NAMES:
        names[named] = None


def add_one(counts: dict[str, int], value: Any) -> None:
    """Count a name; those that are too many are counted together."""
    name = (text(value) or "(none)")[:_LONGEST_NAME]
    if name not in counts and len(counts) >= _MOST_NAMES:
        name = OTHER
    counts[name] = counts.get(name, 0) + 1
