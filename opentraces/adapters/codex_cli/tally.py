"""What a rollout says of its session as a whole, counted line by line."""

import re
from dataclasses import dataclass, field, fields
from typing import Any

from opentraces.adapters._reading.values import mapping, name, text
from opentraces.domain.facts import SourceFacts
from opentraces.domain.moments import milliseconds

_MOST_NAMES = 200
_LONGEST_NAME = 80
_LONGEST_PROMPT = 2000
_LONGEST_TITLE = 500
_MOST_EVENTS = 10_000
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
    title: str | None = None
    first_prompt: str | None = None
    versions: Names = field(default_factory=dict)
    alien_versions: Names = field(default_factory=dict)
    models: Names = field(default_factory=dict)
    folders: Names = field(default_factory=dict)
    branches: Names = field(default_factory=dict)
    shell: str | None = None
    is_repository: bool | None = None
    prompts: int = 0
    responses: int = 0
    links: dict[str, dict[str, Any]] = field(default_factory=dict)
    compactions: list[dict[str, Any]] = field(default_factory=list)
    interruptions: list[int] = field(default_factory=list)
    failures: list[int] = field(default_factory=list)
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

    def alien(self, named: Any, version: Any) -> None:
        """Take a line of an unknown type; of its version only what looks like a release's."""
        self.unknown += 1
        add_one(self.unknown_types, named)
        if type(version) is str and _RELEASE.fullmatch(version):
            note(self.alien_versions, version)

    def prompt(self, typed: str) -> None:
        """Take a text that a person typed."""
        self.prompts += 1
        if typed.strip():
            self.first_prompt = self.first_prompt or typed[:_LONGEST_PROMPT]

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
        if thread is None or (thread not in self.links and len(self.links) >= _MOST_NAMES):
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
        return SourceFacts.model_validate(
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
    "branches",
    "compactions",
    "interruptions",
    "failures",
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


def take_git(tally: Tally, said: Any) -> None:
    """Take what Codex says of the repository that a session began in."""
    git = mapping(said)
    if not git:
        return
    tally.is_repository = True
    note(tally.branches, git.get("branch"))
    tally.say("git_commit", git.get("commit_hash"))
    tally.say("repository_url", git.get("repository_url"))
