"""What a rollout says of its session as a whole, counted line by line."""

from dataclasses import field, fields
from typing import Any

from opentraces.adapters._reading.counting import LONGEST_PROMPT, MOST_NAMES, Counted, Names, note
from opentraces.adapters._reading.values import mapping, name, text
from opentraces.domain.built import built
from opentraces.domain.facts import SourceFacts
from opentraces.domain.slotted import mutable_dataclass

_LONGEST_TITLE = 500
_MOST_EVENTS = 10_000


@mutable_dataclass
class Tally(Counted):
    """Cumulative over the source; every field is a value that JSON can hold."""

    title: str | None = None
    branches: Names = field(default_factory=dict)
    shell: str | None = None
    is_repository: bool | None = None
    links: dict[str, dict[str, Any]] = field(default_factory=dict)
    limitations: Names = field(default_factory=dict)
    native: dict[str, Any] = field(default_factory=dict)

    def prompt(self, typed: str) -> None:
        """Take a text that a person typed."""
        self.prompts += 1
        if typed.strip():
            self.first_prompt = self.first_prompt or typed[:LONGEST_PROMPT]

    def name_thread(self, given: Any) -> None:
        """Take the name that a user gave the thread."""
        title = text(given)
        if title is not None:
            self.title = title[:_LONGEST_TITLE]

    def happened(self, rows: list[Any], row: Any) -> None:
        """Note what happened at a step, unless there is no end to it."""
        if len(rows) < _MOST_EVENTS and row not in rows[-4:]:
            rows.append(row)

    def link(self, agent: Any, call: str | None, kind: Any, description: Any) -> None:
        """Take what is said of a sub-agent; what was said first stands."""
        thread = name(agent)
        if thread is None or (thread not in self.links and len(self.links) >= MOST_NAMES):
            return
        said = {
            "agent_id": thread,
            "tool_call_id": call,
            "agent_type": name(kind),
            "description": name(description),
        }
        known = self.links.get(thread, {})
        self.links[thread] = {key: known.get(key) or said[key] for key in said}

    def say(self, key: str, value: Any) -> None:
        """Take what only this agent says of a session; what was said first stands."""
        if name(value) is not None:
            self.native.setdefault(key, value)

    def add(self, key: str, number: int) -> None:
        """Add to a number that only this agent has."""
        if number:
            self.native[key] = self.native.get(key, 0) + number

    def facts(self) -> SourceFacts:
        """Sum up."""
        return built(
            SourceFacts,
            {
                **{each: getattr(self, each) for each in _AS_THEY_ARE},
                **{each: tuple(getattr(self, each)) for each in _IN_ORDER},
                "versions": tuple(self.versions or self.alien_versions),
                "given_title": self.title,
                "surroundings": {"shell": self.shell, "is_repository": self.is_repository},
                "lines": {
                    "recognised": self.recognised,
                    "unknown": self.unknown,
                    "bad": self.bad,
                },
                "links": tuple(self.links.values()),
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
    "branches",
    "compactions",
    "interruptions",
    "failures",
    "giants",
    "limitations",
]


def take_git(tally: Tally, said: Any) -> None:
    """Take what Codex says of the repository that a session began in."""
    git = mapping(said)
    if not git:
        return
    tally.is_repository = True
    note(tally.branches, git.get("branch"))
    tally.say("git_commit", git.get("commit_hash"))
    tally.say("repository_url", git.get("repository_url"))
