"""What the lines of a source say of its session as a whole, whatever the agent, line by line."""

import re
from dataclasses import field
from typing import Any

from opentraces.adapters._reading.values import name, text
from opentraces.domain.moments import milliseconds
from opentraces.domain.slotted import mutable_dataclass

MOST_NAMES = 200
"""Distinct names above which no more are taken."""

LONGEST_NAME = 80
LONGEST_PROMPT = 2000

OTHER = "(other)"
"""The name under which all further names are counted when there are too many."""

Names = dict[str, None]
"""Distinct names in order of appearance."""

_RELEASE = re.compile(r"\d{1,6}\.\d{1,6}[\w.+-]{0,40}", re.ASCII)


@mutable_dataclass
class Counted:
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
    first_prompt: str | None = None
    versions: Names = field(default_factory=dict)
    alien_versions: Names = field(default_factory=dict)
    models: Names = field(default_factory=dict)
    folders: Names = field(default_factory=dict)
    prompts: int = 0
    responses: int = 0
    compactions: list[dict[str, Any]] = field(default_factory=list)
    interruptions: list[int] = field(default_factory=list)
    failures: list[int] = field(default_factory=list)
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

    def alien(self, named: Any, version: Any = None) -> None:
        """Take a line of an unknown type; of its version only what looks like a release's."""
        self.unknown += 1
        add_one(self.unknown_types, named)
        if type(version) is str and _RELEASE.fullmatch(version):
            note(self.alien_versions, version)


def note(names: Names, value: Any) -> None:
    """Add a name, unless there are too many or it is none."""
    named = name(value)
    if named is not None and named not in names and len(names) < MOST_NAMES:
        names[named] = None


def add_one(counts: dict[str, int], value: Any) -> None:
    """Count a name; those that are too many are counted together."""
    named = (text(value) or "(none)")[:LONGEST_NAME]
    if named not in counts and len(counts) >= MOST_NAMES:
        named = OTHER
    counts[named] = counts.get(named, 0) + 1
