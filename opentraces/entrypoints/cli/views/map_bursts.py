"""The bursts of a trace, and what filled its context for nothing."""

from collections.abc import Iterator

from opentraces.application.map_trace import Mapped
from opentraces.domain.activity.bursts import Burst
from opentraces.domain.activity.deed import Deed, SuiteRun
from opentraces.domain.activity.waste import Waste
from opentraces.domain.amounts import count
from opentraces.domain.trail.shown import ShownPatch
from opentraces.entrypoints.cli.output import Bold, Dim, Good, Line, has_style
from opentraces.entrypoints.cli.views.map_words import (
    KINDS,
    changed,
    dollars,
    heading,
    run_words,
    span,
    tokens,
)
from opentraces.entrypoints.cli.views.trail_words import cut, short

_INTENT = 44
_WHAT = 60

_COUNTED = (
    (Deed.READ, "read"),
    (Deed.SEARCH, "search"),
    (Deed.COMMAND, "command"),
    (Deed.SUBAGENT, "sub-agent"),
    (Deed.COMPACTION, "compaction"),
)
_WASTES = {
    "repeated_read": "read again",
    "failing_loop": "failed again",
    "unused_output": "not used",
}


def burst_lines(mapped: Mapped, width: int | None) -> Iterator[Line]:
    """Show the sums, then each burst in a line; ▸ stands before those that changed files."""
    yield heading(mapped)
    yield ()
    bursts = mapped.bursts
    places = [f"{burst.first}–{burst.last}" for burst in bursts]  # noqa: RUF001 - from to
    column = max((len(place) for place in places), default=0)
    for place, burst in zip(places, bursts, strict=True):
        patches = mapped.patches_of(burst.steps)
        mark = ("▸ " if has_style() else "> ") if patches else "  "
        intent = cut(burst.intent or "(nothing was asked for)", _INTENT)
        facts = " · ".join(_facts(burst, patches))
        room = None if width is None else max(width - column - _INTENT - 14, 20)
        yield (
            mark,
            f"{place:<{column}}  {KINDS[burst.kind]:<7} ",
            Bold(f"{intent:<{_INTENT}}  "),
            cut(facts, room),
        )


def _facts(burst: Burst, patches: tuple[ShownPatch, ...]) -> Iterator[str]:
    if patches:
        yield changed(patches)
    counts = burst.counts
    seen = [_count(counts[deed], noun) for deed, noun in _COUNTED if counts.get(deed)]
    if seen:
        yield ", ".join(seen)
    runs = [doing.test for _, doing in burst.doings if doing.test]
    if runs:
        yield _tests(runs)
    made = [doing for _, doing in burst.doings if doing.deed is Deed.COMMIT and not doing.is_failed]
    if made:
        named = ", ".join(short(doing.commit) for doing in made if doing.commit)
        yield f"commit {named}".rstrip()
    yield from _fates(patches)
    yield from filter(None, (span(burst.steps), tokens(burst.tokens), dollars(burst.cost_usd)))


def _count(number: int, noun: str) -> str:
    return f"{number:,} searches" if (noun, number > 1) == ("search", True) else count(number, noun)


def _tests(runs: list[SuiteRun]) -> str:
    first, last = run_words(runs[0]), run_words(runs[-1])
    return first if first == last else f"{first} → {last.removeprefix(f'{runs[0].framework} ')}"


def _fates(patches: tuple[ShownPatch, ...]) -> Iterator[str]:
    left = [each.survival for each in patches if each.survival is not None]
    lost = sum(each.written - each.kept for each in left)
    if lost:
        yield f"{count(lost, 'line')} since rewritten"
    held = dict.fromkeys(held.commit for each in patches for held in each.held_by)
    if held:
        yield f"in {', '.join(map(short, held))}"


def waste_lines(mapped: Mapped, width: int | None) -> Iterator[Line]:
    """Show the sums, then what filled the context for nothing, the most first."""
    yield heading(mapped)
    yield ()
    wastes = mapped.waste
    if not wastes:
        yield (Good("nothing was read twice, failed twice or was of no use, as far as it shows"),)
        return
    total = tokens(sum(each.tokens for each in wastes)) or "0 tokens"
    yield (f"about {total} for nothing, as far as the session shows",)
    for waste in wastes:
        yield _waste_line(waste, width)


def _waste_line(waste: Waste, width: int | None) -> Line:
    where = ", ".join(f":{step}" for step in waste.steps[:5])
    more = f" and {len(waste.steps) - 5:,} more" if len(waste.steps) > 5 else ""
    room = _WHAT if width is None else max(width - 44, 20)
    return (
        f"  {_WASTES[waste.kind]:<13} ",
        Bold(cut(waste.what, room)),
        f"  {tokens(waste.tokens) or '0 tokens'}  ",
        Dim(f"{where}{more}"),
    )
