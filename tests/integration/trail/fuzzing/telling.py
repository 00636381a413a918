"""What an agent's tool tells of an edit: now all of it, now only the lines that it replaced."""

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random

from opentraces.domain.trail.action import Action
from opentraces.domain.trail.file_change import Hunk
from tests.integration.trail.fuzzing.lines import Line, Lines, plain
from tests.integration.trail.fuzzing.twins import Place

EDITS = ("whole",) * 11 + ("unplaced",) * 5 + ("placed",) * 2 + ("after_only",) * 2
WRITES = ("whole",) * 3 + ("before_unknown",) * 2


@dataclass(frozen=True)
class Run:
    """A run of lines that an edit replaced."""

    start: int
    """Its first line in the file before, from 0."""

    old: Lines

    new: Lines


@dataclass(frozen=True)
class Edited:
    """An edit, as it was."""

    patch: str | None

    moment: int

    place: Place

    path: str

    before: Lines | None
    """None: there was no file."""

    after: Lines | None
    """None: there is none any more."""

    runs: tuple[Run, ...] = ()

    def action(self, **known: object) -> Action:
        base = {
            "patch": self.patch,
            "moment": self.moment,
            "worktree": str(self.place.real),
            "path": self.path,
            "had_file": self.before is not None,
            **known,
        }
        return Action(**base)  # type: ignore[arg-type]


def tell(random: Random, edited: Edited, told: str) -> Action:
    """Say of an edit what a tool says that tells so much."""
    if edited.after is None:
        return edited.action(operation="delete", before=_text(edited.before))
    hunks = hunks_of(random, edited, placed=told in ("whole", "placed"))
    if told == "whole":
        return edited.action(
            operation="edit", before=_text(edited.before), after=_text(edited.after), hunks=hunks
        )
    if told == "after_only":
        return edited.action(operation="edit", after=_text(edited.after), hunks=hunks)
    return edited.action(operation="edit", hunks=hunks)


def tell_write(edited: Edited, told: str) -> Action:
    """Say of a file that was written whole what a tool says."""
    after = _text(edited.after)
    if told == "before_unknown":
        return edited.action(operation="write", had_file=None, after=after)
    before = edited.before or ()
    hunk = Hunk(
        old_start=1 if before else 0,
        new_start=1,
        lines=tuple(_sign(before, "-") + _sign(edited.after or (), "+")),
    )
    return edited.action(operation="write", before=_text(edited.before), after=after, hunks=(hunk,))


def tell_sight(place: Place, path: str, moment: int) -> Action:
    """Say that a tool was shown a whole file."""
    return Action(
        patch=None,
        moment=moment,
        worktree=str(place.real),
        path=path,
        operation="read",
        had_file=True,
        after=plain(place.files[path]),
    )


def hunks_of(random: Random, edited: Edited, *, placed: bool) -> tuple[Hunk, ...]:
    """The runs of an edit, each with what stands around it, or all in one."""
    before = edited.before or ()
    around = random.randrange(4)
    again = not placed and random.random() < 0.5
    hunks: list[Hunk] = []
    grown = end = 0
    for run in edited.runs:
        first = max(run.start - around, end)
        last = run.start + len(run.old)
        end = min(last + around, *(r.start for r in edited.runs if r.start >= last), len(before))
        head, tail = before[first : run.start], before[last:end]
        lines = (
            _sign(head + run.old + tail, "-") + _sign(head + run.new + tail, "+")
            if again
            else _sign(head, " ") + _changed(run) + _sign(tail, " ")
        )
        has_old = end > first
        has_new = bool(head or run.new or tail)
        hunks.append(
            Hunk(
                old_start=first + has_old if placed else None,
                new_start=first + grown + has_new if placed else None,
                lines=tuple(lines),
            )
        )
        grown += len(run.new) - len(run.old)
    return tuple(hunks)


def _changed(run: Run) -> list[str]:
    """The lines of a run as a diff has them: what it kept stays."""
    kept = set(run.new) & set(run.old)
    lines: list[str] = []
    at = 0
    for line in run.new:
        if line in kept:
            while run.old[at] is not line:
                lines += _sign(run.old[at : at + 1], "-")
                at += 1
            at += 1
            lines += _sign((line,), " ")
        else:
            lines += _sign((line,), "+")
    return lines + _sign(run.old[at:], "-")


def _sign(lines: Sequence[Line], sign: str) -> list[str]:
    return [sign + line.text.decode() for line in lines]


def _text(lines: Lines | None) -> bytes | None:
    return None if lines is None else plain(lines)
