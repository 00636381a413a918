"""The page that says how often those who are named for lines wrote them."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from tests.integration.trail.control.judging import Judged
from tests.integration.trail.fuzzing.judging import Finding, Verdict
from tests.integration.trail.fuzzing.lines import Mode

TIERS = {
    "exact_blob_hash": "the whole file is one that was seen",
    "exact_range_hash": "its lines are",
    "git_clean_range_hash": "they are as Git's filters keep them",
    "formatter_divergent": "they are but for white space",
}
"""The tiers that are given, strongest first, and what ties lines by them."""


@dataclass
class Counted:
    """What was found in the histories of one mode."""

    total: Verdict = field(default_factory=Verdict)

    by_kind: dict[str, Verdict] = field(default_factory=dict)
    """By how a commit was made."""

    tiers: Counter[str] = field(default_factory=Counter)
    """Lines credited, by what ties them."""

    def __iadd__(self, other: "Counted") -> "Counted":
        self.total += other.total
        self.tiers += other.tiers
        for kind, verdict in other.by_kind.items():
            into = self.by_kind.setdefault(kind, Verdict())
            into += verdict
        return self


@dataclass(frozen=True)
class Real:
    """What is said of the commits that real sessions made, and of others in such repositories."""

    commits: int

    lines: int
    """Lines that are to be tied."""

    tied: int
    """Of those, the lines that are."""

    wrong: int
    """Lines that are tied to what did not write them."""


def page(
    seeds: range,
    counted: Mapping[Mode, Counted],
    control: Mapping[str, Judged],
    real: Real,
) -> str:
    """Write the page; the same figures give the same page."""
    parts = [
        _INTRODUCTION.format(count=len(seeds), first=seeds[0], last=seeds[-1]),
        *(part for mode, one in counted.items() for part in _mode(mode, one)),
        _CONTROL,
        _control(control),
        _REAL.format(commits=real.commits, lines=real.lines, tied=real.tied, wrong=real.wrong),
        _MORE,
    ]
    return "\n\n".join(parts) + "\n"


def _mode(mode: Mode, counted: Counted) -> Iterator[str]:
    total = counted.total
    yield f"## {_MODES[mode]}"
    yield (
        f"{total.credits:,} lines credited; {len(total.wrong):,} wrong, "
        f"{len(total.indistinguishable):,} indistinguishable ({total.doubtful:.2%}). "
        f"Coverage: {total.right:,} of {total.written:,} lines of agents ({total.coverage:.1%}); "
        f"with lines of signs and blank ones {_share(total.right_of_all, total.written_of_all)}; "
        f"of lines that a formatter changed later "
        f"{_share(total.right_of_formatted, total.written_of_formatted)}."
    )
    yield (
        f"Seeds of histories with a wrong line: {_seeds(total.wrong)}; with an indistinguishable "
        f"one: {_seeds(total.indistinguishable)}."
    )
    wrong = Counter(finding.tier for _, finding in total.wrong)
    doubtful = Counter(finding.tier for _, finding in total.indistinguishable)
    tiers = [*TIERS, *sorted(counted.tiers.keys() - TIERS.keys())]
    yield _table(
        ("tier", "what ties the lines", *_JUDGED, "precision"),
        (
            (
                f"`{tier}`",
                TIERS.get(tier, ""),
                *_numbers(counted.tiers[tier], wrong[tier], doubtful[tier]),
                _share(counted.tiers[tier] - wrong[tier], counted.tiers[tier], 2),
            )
            for tier in tiers
        ),
    )
    yield _table(
        ("commit made by", *_JUDGED, "lines of agents", "coverage"),
        (
            (
                kind,
                *_numbers(each.credits, len(each.wrong), len(each.indistinguishable)),
                f"{each.written:,}",
                _share(each.right, each.written),
            )
            for kind, each in sorted(counted.by_kind.items())
        ),
    )


def _control(control: Mapping[str, Judged]) -> str:
    return _table(
        ("whose commits", "commits", "lines added", "of agents", *_JUDGED[:2], "coverage"),
        (
            (
                kind,
                *_numbers(one.commits, one.added, one.written, one.credited, len(one.wrong)),
                _share(one.right, one.written),
            )
            for kind, one in sorted(control.items(), key=lambda each: (each[0] != "agent", each))
        ),
    )


def _seeds(found: Iterable[tuple[int, Finding]]) -> str:
    return ", ".join(str(seed) for seed in sorted({seed for seed, _ in found})) or "none"


def _table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    rule = tuple("---" for _ in head)
    return "\n".join(f"| {' | '.join(row)} |" for row in (head, rule, *rows))


def _numbers(*numbers: int) -> tuple[str, ...]:
    return tuple(f"{number:,}" for number in numbers)


def _share(some: int, of: int, digits: int = 1) -> str:
    return f"{some / of:.{digits}%}" if of else "none"


_JUDGED = ("lines credited", "wrong", "indistinguishable")
_MODES: Mapping[Mode, str] = {
    "unique": "Histories in which no text is written twice",
    "identical": "Histories in which texts are written again and again",
}

_INTRODUCTION = """\
# How often those who are named for lines wrote them

This page is written by `make precision`, and by nobody else.

{count:,} random histories of each mode (seeds {first} to {last}) were made in real repositories
by Git's own commands: agents edit, people type, scripts and formatters run; it is committed whole
and in part, amended, rebased, squashed, cherry-picked, reverted, merged, renamed. A model of its
own, which the engine is not told, knows who wrote each line. What the engine says of each commit
is judged by commit, file and text, and by count, since equal lines are exchangeable.

- *Wrong*: the step never wrote that text into that file; or more lines are credited to it than it
  wrote while one of them was seen to be gone.
- *Indistinguishable*: a person typed or pasted the identical line, and nothing that was seen lies
  between: no evidence could tell them apart.
- *Precision*: lines credited that are not wrong. *Coverage*: of the lines of agents with a letter
  or digit that commits added, those for which the step is named that wrote them. For the others
  nobody is: there is no guess."""

_CONTROL = """\
## Commits that cannot be an agent's

Nine sessions of three agents in one repository; before them, and in the same files and hours:
people in the same checkout and in a clone, of which some copy what agents wrote elsewhere, whole
or changed a little; machines that raise versions, format, and generate. Sessions were imported by
the program, and its own search was asked."""

_REAL = """\
## Commits of real sessions

The sessions of the real clients that the tests keep made {commits} commits. {lines} lines in them
were written by a call and say enough to be told: {tied} are tied to that call, and {wrong} lines
of these and other commits to one that did not write them."""

_MORE = """\
## More histories

`python -m benchmarks.precision --histories 2000 --seed 1000 --page /tmp/precision.md` judges
others, about three in a second. `python -m tests.integration.trail.fuzzing identical 7` tells one
of them, line by line. `make test-faults` has 2,000 of each mode, and fails when one line is
wrong. The same seeds give the same figures."""
