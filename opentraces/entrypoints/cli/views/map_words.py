"""What views of what happened in a trace have in common."""

from collections.abc import Iterable, Mapping, Sequence

from opentraces.application.map_trace import Mapped
from opentraces.domain.activity.bursts import cost_together
from opentraces.domain.activity.course import Passed
from opentraces.domain.activity.deed import Deed, SuiteRun
from opentraces.domain.amounts import count, lasting
from opentraces.domain.trail.shown import ShownPatch
from opentraces.entrypoints.cli.output import Bold, Line
from opentraces.entrypoints.cli.plain import one_line
from opentraces.entrypoints.cli.views.ids import short_ids

_MINUS = "\N{MINUS SIGN}"

KINDS: Mapping[Deed, str] = {
    Deed.REQUEST: "asked",
    Deed.PLAN: "plan",
    Deed.READ: "read",
    Deed.SEARCH: "search",
    Deed.EDIT: "edit",
    Deed.TEST: "test",
    Deed.COMMIT: "commit",
    Deed.COMMAND: "run",
    Deed.SUBAGENT: "sub",
    Deed.COMPACTION: "compact",
    Deed.FAILURE: "failed",
    Deed.TOOL: "tool",
    Deed.WORDS: "said",
}
"""What kinds of things are called."""


def heading(mapped: Mapped) -> Line:
    """Return the trace, its title, and its sums."""
    steps = mapped.course.steps
    facts = (
        one_line(mapped.title or "(no title)"),
        count(len(steps), "step"),
        span(steps),
        tokens(sum(step.tokens for step in steps)),
        dollars(cost_together(steps)),
    )
    name = short_ids([mapped.trace])[mapped.trace]
    return (Bold(name), "".join(f" · {fact}" for fact in facts if fact))


def span(steps: Iterable[Passed]) -> str:
    """Return from when to when steps went; nothing of less than a second."""
    moments = [step.moment for step in steps if step.moment is not None]
    seconds = (max(moments) - min(moments)) / 1000 if moments else 0
    return lasting(seconds) if seconds >= 1 else ""


def tokens(number: int) -> str:
    """Return `212k tokens`; nothing of none."""
    if number < 1000:
        return count(number, "token") if number else ""
    if number < 1_000_000:
        thousands = number / 1000
        return f"{thousands:.1f}k tokens" if thousands < 10 else f"{thousands:,.0f}k tokens"
    return f"{number / 1_000_000:.1f}M tokens"


def dollars(cost: float | None) -> str:
    """Return `$0.83`; nothing, where it is not known."""
    if cost is None:
        return ""
    return f"${cost:.2f}" if cost >= 0.01 or not cost else "<$0.01"


def run_words(run: SuiteRun) -> str:
    """Return `pytest 3 failed, 14 passed`, or what else is known."""
    said = ((run.failed, "failed"), (run.passed, "passed"), (run.skipped, "skipped"))
    numbers = ", ".join(f"{number:,} {word}" for number, word in said if number)
    if not numbers and run.is_good is not None:
        numbers = "passed" if run.is_good else "failed"
    return f"{run.framework} {numbers}".rstrip()


def changed(patches: Sequence[ShownPatch]) -> str:
    """Return each file once, by its name, with how many lines were written and taken away."""
    files: dict[str, list[tuple[int, int] | None]] = {}
    for each in patches:
        known = each.added is not None and each.removed is not None
        amount = (each.added or 0, each.removed or 0) if known else None
        files.setdefault(each.path, []).append(amount)
    return ", ".join(f"{base(path)}{_amount(amounts)}" for path, amounts in files.items())


def base(path: str) -> str:
    """Return the last part of a path."""
    return one_line(path.rstrip("/").replace("\\", "/").rpartition("/")[2] or path)


def _amount(amounts: Sequence[tuple[int, int] | None]) -> str:
    known = [each for each in amounts if each is not None]
    if len(known) < len(amounts):
        return ""
    added, removed = (sum(each[at] for each in known) for at in (0, 1))
    return f" +{added:,} {_MINUS}{removed:,}"
