"""What a trace changed, and what became of it."""

from collections.abc import Iterator

from opentraces.application.show_trail import ShownTrail
from opentraces.domain.trail.file_change import Hunk
from opentraces.domain.trail.shown import HeldBy, ShownPatch
from opentraces.domain.trail.tally import tally_of
from opentraces.entrypoints.cli.output import Bold, Dim, Good, Line, Odd
from opentraces.entrypoints.cli.plain import one_line, plain
from opentraces.entrypoints.cli.views.ids import short_ids
from opentraces.entrypoints.cli.views.trail_words import lines, patches, short, tally_words

_MINUS = "\N{MINUS SIGN}"
_PENDING = "in no commit that was searched"


def shown_lines(shown: ShownTrail) -> Iterator[Line]:
    """Show the sum first, then each patch; of one step, its hunks."""
    trace = short_ids([shown.trace])[shown.trace]
    tally = tally_of(each.fate for each in shown.patches)
    words = tally_words(tally)
    facts = (one_line(shown.title or "(no title)"), patches(tally.patches), words)
    address = trace if shown.steps is None else f"{trace}:{_steps(shown.steps)}"
    yield (Bold(address), "".join(f" · {fact}" for fact in facts if fact))
    is_one = shown.steps is not None and shown.steps[0] == shown.steps[1]
    for each in shown.patches:
        yield ()
        yield from _patch_lines(each)
        if is_one:
            yield from _detail_lines(each)


def _steps(steps: tuple[int, int]) -> str:
    return f"{steps[0]}" if steps[0] == steps[1] else f"{steps[0]}-{steps[1]}"


def _patch_lines(shown: ShownPatch) -> Iterator[Line]:
    made = shown.made
    step = f":{made.step_index:<4}" if made.step_index else "     "
    moved = f"{one_line(made.change.moved_from)} → " if made.change.moved_from else ""
    yield (
        Bold(f"{step} {made.change.operation:<6} "),
        f"{moved}{one_line(shown.path)}  {_amount(shown)}",
    )
    for held in shown.held_by:
        yield ("      ", *_held(held, shown.path))
    if shown.fate == "pending":
        yield ("      ", Dim(_PENDING))
    elif shown.survival is not None:
        yield ("      ", _survival(shown))


def _amount(shown: ShownPatch) -> str:
    if shown.added is None or shown.removed is None:
        return "how much is not known"
    return f"+{shown.added:,} {_MINUS}{shown.removed:,}"


def _held(held: HeldBy, path: str) -> Line:
    elsewhere = f" in {one_line(held.path)}" if held.path != path else ""
    subject = f" {one_line(held.subject)}" if held.subject is not None else ""
    replaced = f"  since replaced by {short(held.replaced_by)}" if held.replaced_by else ""
    return (
        f"commit {short(held.commit)}{subject}  ",
        Dim(f"{lines(held.lines)}{elsewhere}  {held.tier}{replaced}"),
    )


def _survival(shown: ShownPatch) -> str:
    left = shown.survival
    if left is None or left.state == "alive":
        return Good("all of it is still there")
    if left.state == "partial":
        return Odd(f"{left.kept:,} of {lines(left.written)} are still there")
    return Odd("taken back by a revert" if left.state == "reverted" else "nothing of it is left")


def _detail_lines(shown: ShownPatch) -> Iterator[Line]:
    limits = shown.made.change.limitations
    if limits:
        yield ("      ", Dim(f"not known of it: {', '.join(map(one_line, limits))}"))
    for hunk in shown.hunks or ():
        yield ("    ", Dim(_place(hunk)))
        for line in hunk.lines:
            yield ("    ", plain(line).replace("\n", " "))


def _place(hunk: Hunk) -> str:
    old, new = (
        f"{'?' if start is None else start},{len(side)}"
        for start, side in ((hunk.old_start, hunk.before), (hunk.new_start, hunk.after))
    )
    return f"@@ -{old} +{new} @@"
