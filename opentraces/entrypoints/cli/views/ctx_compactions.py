"""Where a summary took the place of what was said."""

from collections.abc import Iterator

from opentraces.application.list_compactions import Compactions, Summarised
from opentraces.domain.amounts import count
from opentraces.domain.context.compacting import Compacted
from opentraces.domain.context.sizes import Extent
from opentraces.entrypoints.cli.output import Bold, Dim, Line
from opentraces.entrypoints.cli.plain import one_line
from opentraces.entrypoints.cli.views.ctx_words import extent_words, head
from opentraces.entrypoints.cli.views.ids import short_ids

_LINES = 6
_CHARACTERS = 600


def compactions_lines(found: Compactions) -> Iterator[Line]:
    """Show how many there are, then each."""
    short = short_ids([found.trace])[found.trace]
    yield (Bold(short), f" · {found.agent} · {count(len(found.found), 'compaction')}")
    for each in found.found:
        yield ()
        yield from _one(each, short)


def _one(summarised: Summarised, short: str) -> Iterator[Line]:
    each = summarised.compacted
    yield (Bold(_where(each)), f"  {_side(each.before)} → {_side(each.after)}", Dim(_said(each)))
    if summarised.summary is not None:
        yield from (("  ", line) for line in head(summarised.summary, _LINES, _CHARACTERS))
    else:
        yield ("  ", Dim("the summary is sealed, or not known"))
    if each.last is not None and each.first is not None:
        both = f"{short}:{each.last} {short}:{each.first}"
        yield ("  ", Dim(f"→ opentraces ctx diff {both}"))


def _where(each: Compacted) -> str:
    if each.last is None:
        return f"before :{each.first}" if each.first is not None else "at no known step"
    return f"after :{each.last}" if each.first is None else f":{each.last} → :{each.first}"


def _side(extent: Extent | None) -> str:
    return "not known" if extent is None else extent_words(extent)


def _said(each: Compacted) -> str:
    """Return what the agent wrote down of it."""
    if each.said is None:
        return ""
    told = each.said
    sides = (told.tokens_before, told.tokens_after)
    tokens = " → ".join("?" if side is None else f"{side:,}" for side in sides)
    words = (
        f"  written down at :{each.boundary}" if each.boundary is not None else "",
        one_line(told.trigger or ""),
        f"{tokens} tokens, as the agent counts" if any(s is not None for s in sides) else "",
    )
    return ", ".join(word for word in words if word)
