"""What a source says of its session as a whole, counted line by line."""

from dataclasses import field, fields
from typing import Any

from opentraces.adapters._reading.counting import LONGEST_NAME, LONGEST_PROMPT, Counted, Names
from opentraces.domain.built import built
from opentraces.domain.facts import AgentLink, SourceFacts
from opentraces.domain.slotted import mutable_dataclass


@mutable_dataclass
class Tally(Counted):
    """Cumulative over the source; every field is a value that JSON can hold."""

    custom_title: str | None = None
    agent_name: str | None = None
    agent_title: str | None = None
    first_command: str | None = None
    branches: Names = field(default_factory=dict)
    entrypoints: Names = field(default_factory=dict)
    permission_modes: Names = field(default_factory=dict)
    slugs: Names = field(default_factory=dict)
    service_tiers: Names = field(default_factory=dict)
    spilled: Names = field(default_factory=dict)
    tabbed: Names = field(default_factory=dict)
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
    commands: list[dict[str, Any]] = field(default_factory=list)

    def prompt(self, typed: str, *, has_words: bool) -> None:
        """Take a text that a person typed; one with words is the better title."""
        self.prompts += 1
        if has_words:
            self.first_prompt = self.first_prompt or typed[:LONGEST_PROMPT]
        else:
            self.first_command = self.first_command or typed[:LONGEST_PROMPT]

    def command(self, name: str, kind: str, ordinal: int) -> None:
        """Take the use of a skill or slash command."""
        self.commands.append({"name": name[:LONGEST_NAME], "kind": kind, "ordinal": ordinal})

    def interruption(self, ordinal: int) -> None:
        """Take a step that was cut short, once."""
        if ordinal not in self.interruptions[-4:]:
            self.interruptions.append(ordinal)

    def link(self, link: AgentLink) -> None:
        """Take what is said of a sub-agent; what was said first stands."""
        known = self.links.get(link.agent_id, {})
        said = {name: value for name, value in link.as_json().items() if value is not None}
        self.links[link.agent_id] = {**said, **known}

    def facts(self, own: AgentLink | None, limitations: tuple[str, ...]) -> SourceFacts:
        """Sum up; `own` is what a note says of the sub-agent whose lines these are."""
        links = dict(self.links)
        if own is not None:
            links[own.agent_id] = own.as_json()
        return built(
            SourceFacts,
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
            },
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
