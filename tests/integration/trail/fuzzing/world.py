"""What is true in a history: who wrote which line, what was seen, which commits were made."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

import pygit2

from opentraces.domain.trail.action import Action
from tests.integration.trail.fuzzing.lines import Line, Lines, Mode, Pool
from tests.integration.trail.fuzzing.twins import Apart, Place, Twins

START = 1_700_000_000_000
PAUSES = (40, 300, 1_500, 9_000, 240_000, 5_000_000, 60_000_000)


@dataclass(frozen=True)
class Step:
    """An edit of an agent's, as it truly was."""

    patch: str

    order: int
    """Of all that happened, the how manieth."""

    moment: int

    place: Place

    path: str

    lines: Lines
    """What it wrote."""

    again: Lines
    """What was there and stands in what it wrote, in no way told from the rest."""

    told: str
    """How its tool told of it."""


@dataclass(frozen=True)
class Sight:
    """A whole file that a tool told of."""

    order: int

    place: Place

    path: str

    lines: Lines


@dataclass(frozen=True)
class Made:
    """A commit that was made."""

    real: str

    shadow: str

    order: int

    moment: int

    how: str

    files: dict[str, Lines]

    parents: tuple[str, ...]


@dataclass
class World:
    """One history while it is written."""

    random: Random

    mode: Mode

    root: Path

    journal: list[str] = field(default_factory=list)
    steps: dict[str, Step] = field(default_factory=dict)
    sights: list[Sight] = field(default_factory=list)
    actions: list[Action] = field(default_factory=list)
    commits: dict[str, Made] = field(default_factory=dict)
    places: list[Place] = field(default_factory=list)
    number: int = 0
    apart: int = 0
    """How many operations were taken back, since the shadow went another way."""

    def __post_init__(self) -> None:
        self.pool = Pool(self.random, self.mode)
        self.root.mkdir(parents=True)
        self.twins = Twins(self.root, self.pool.lines, START)
        self._same: dict[str, str] = {}
        self._order = 0

    @property
    def moment(self) -> int:
        return self.twins.moment

    def next_order(self) -> int:
        self._order += 1
        return self._order

    def saw(self, place: Place, path: str, lines: Lines) -> None:
        """A tool told of a whole file."""
        self.sights.append(Sight(self.next_order(), place, path, lines))

    def last_seen(self, place: Place, path: str) -> Lines | None:
        """What a tool last told of a file."""
        seen = [each for each in self.sights if (each.place, each.path) == (place, path)]
        return seen[-1].lines if seen else None

    def tick(self) -> None:
        """Let some time go by."""
        pause = self.random.choice(PAUSES)
        self.twins.moment += self.random.randint(pause // 2, pause)

    def say(self, what: str) -> None:
        when = (self.moment - START) / 1000
        self.journal.append(f"{self.number:>3}. [{when:.1f} s] {what}")

    def show(self, path: str, old: Lines, new: Lines) -> None:
        """Tell the story of a file: lines that went, and lines that came."""
        now = set(new)
        before = set(old)
        self.journal.extend(
            f"       {path}: - {line.author:>9} {line.text.decode()}"
            for line in old
            if line not in now
        )
        self.journal.extend(
            f"       {path}:{place:>3} + {line.author:>9} {line.text.decode()}"
            for place, line in enumerate(new, 1)
            if line not in before
        )

    def put(self, place: Place, path: str, lines: Lines | None) -> None:
        """Change a file of a worktree."""
        self.show(path, place.files.get(path, ()), lines or ())
        self.twins.write(place, path, lines)

    def write(self, texts: Iterable[Line | bytes], author: str) -> Lines:
        """Make lines of texts that are new; what is a line stays."""
        return tuple(
            each if isinstance(each, Line) else self.pool.write(each, author) for each in texts
        )

    def renamed(self, one: str, two: str) -> None:
        """Take two paths for one file from now on."""
        self._same[self.file(one)] = self.file(two)

    def file(self, path: str) -> str:
        """What names a file that may have had several paths."""
        while path in self._same and self._same[path] != path:
            path = self._same[path]
        return path

    def heads(self, place: Place) -> tuple[str, str]:
        """What is checked out in both."""
        real, shadow = (str(r.head.target) for r in place.repositories())
        return real, shadow

    def is_clean(self, place: Place) -> bool:
        """Whether a worktree holds what is checked out."""
        real, shadow = self.heads(place)
        committed = self.commits[real]
        return committed.shadow == shadow and committed.files == place.files

    def settle(self, place: Place, how: str) -> list[Made]:
        """Take note of the commits that were made. Raises Apart where both do not agree."""
        repositories = place.repositories()
        found: dict[str, Made] = {}
        todo = [self.heads(place)]
        while todo:
            real, shadow = todo.pop()
            known = self.commits.get(real) or found.get(real)
            if known is not None:
                if known.shadow != shadow:
                    raise Apart("one commit with two shadows")
                continue
            parents = [
                [str(each) for each in repository[commit].peel(pygit2.Commit).parent_ids]
                for repository, commit in zip(repositories, (real, shadow), strict=True)
            ]
            if len(parents[0]) != len(parents[1]):
                raise Apart("other parents")
            files = self.twins.commit_files(place, real, shadow)
            made = Made(real, shadow, self.next_order(), self.moment, how, files, tuple(parents[0]))
            found[real] = made
            todo.extend(zip(*parents, strict=True))
        self.commits.update(found)
        for made in found.values():
            self.say(f"commit {made.real[:8]} by {how}, on {[each[:8] for each in made.parents]}")
        return list(found.values())

    def sights_of(self, step: Step, file: str, until: int) -> list[Sight]:
        """What was seen of a file in the step's worktree, after it and before `until`."""
        return [
            sight
            for sight in self.sights
            if sight.place is step.place
            and step.order < sight.order < until
            and self.file(sight.path) == file
        ]
