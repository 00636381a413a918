"""What entered and what left the window between two steps."""

from collections.abc import Iterator

from opentraces.application.diff_contexts import DifferentContexts
from opentraces.application.show_context import StepContext
from opentraces.domain.amounts import count, size
from opentraces.domain.context.changes import LayerChange
from opentraces.domain.context.sizes import Extent
from opentraces.entrypoints.cli.output import Bold, Dim, Good, Line, Wrong
from opentraces.entrypoints.cli.plain import one_line
from opentraces.entrypoints.cli.views.ctx_words import LAYER_NAMES, address_of, extent_words, told
from opentraces.entrypoints.cli.views.trail_words import cut

_MINUS = "\N{MINUS SIGN}"
_WIDTH = 100


def different_lines(found: DifferentContexts) -> Iterator[Line]:
    """Show the sum first, then what left, then what entered."""
    before, after, said = found.before, found.after, found.differing
    left, entered = _extent(before, said.left), _extent(after, said.entered)
    yield (
        Bold(f"{address_of(before)} → {address_of(after)}"),
        f" · entered {extent_words(entered)} · left {extent_words(left)}",
    )
    stay = len(before.blocks) - len(said.left)
    moved = f", {said.moved:,} of them moved" if said.moved else ""
    yield (
        Dim(
            f"{extent_words(_extent(before, None))} → {extent_words(_extent(after, None))} · "
            f"{count(stay, 'block')} in both{moved}"
        ),
    )
    yield from _layers(found)
    for sign, context, places in (
        (Wrong(_MINUS), before, said.left),
        (Good("+"), after, said.entered),
    ):
        if places:
            yield ()
        for at in places:
            block, (_, value) = context.blocks[at], context.shown.messages[at]
            amount = Dim(f"{size(block.size):>9}  ")
            yield (sign, f" {one_line(block.role):<9} ", amount, cut(told(value), _WIDTH))


def _layers(found: DifferentContexts) -> Iterator[Line]:
    for change in found.layers:
        yield (Bold(LAYER_NAMES[change.layer]), f" changed: {_words(change)}")


def _words(change: LayerChange) -> str:
    if not all(change.is_known):
        return "known only after" if change.is_known[1] else "known only before"
    signed = [
        *(f"+{name}" for name in change.added),
        *(f"{_MINUS}{name}" for name in change.removed),
        *(f"{name} is another" for name in change.changed),
    ]
    return ", ".join(map(one_line, signed)) or "the text is another"


def _extent(context: StepContext, places: tuple[int, ...] | None) -> Extent:
    """Return how much stands at some places. None: at all."""
    blocks = context.blocks if places is None else [context.blocks[at] for at in places]
    return Extent(len(blocks), sum(block.size for block in blocks))
