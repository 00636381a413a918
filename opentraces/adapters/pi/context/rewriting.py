"""What changes what was said: a summary in its place, or an entry that is shown otherwise."""

from collections.abc import Sequence
from dataclasses import replace

from opentraces.adapters.pi.context.forms import Said, result_block
from opentraces.adapters.pi.context.going_back import (
    FAR,
    NO_PLACE,
    NO_RESULTS,
    held,
    trail,
    upward,
    way,
)
from opentraces.adapters.pi.context.places import Placed, Words
from opentraces.adapters.pi.context.rows import Row
from opentraces.adapters.pi.context.standing import Standing
from opentraces.adapters.pi.context.told import spoken, summed_up
from opentraces.adapters.pi.tree import Tree
from opentraces.adapters.pi.values import identity

KEPT_UNTOLD, EDIT_UNTOLD = "kept_untold", "edit_untold"
"""Limitations of calls after a compaction of whose kept entries not all are known; after an entry
was shown otherwise that was too long ago."""

GIANT = "giant_lines"
"""The limitation of calls before which an entry stands that was too long to be read."""

_UNSURE = frozenset((NO_PLACE, NO_RESULTS))
_OF_PLACES = frozenset((KEPT_UNTOLD, GIANT, NO_PLACE, NO_RESULTS))
"""Limitations that a compaction ends."""


def compact(standing: Standing, tree: Tree, entry: Placed) -> None:
    """Let a summary take the place of what was said, but for the last entries."""
    at = standing.leaf
    prompt = entry.inner("systemMessage")
    mark = standing.mark
    lacks = [word for word in mark.lacks if word not in _OF_PLACES]
    places = _kept(tree, at, tree.place_of(identity(entry.inner("firstKeptEntryId").value)))
    rows = held(standing, places) if places is not None else None
    if rows is None:
        lacks.append(KEPT_UNTOLD)
    if not set(standing.giants).isdisjoint(places or ()):
        lacks.append(GIANT)
    summed = [Row(standing.blocks(summed_up(entry.inner("summary")))), *(rows or [])]
    growing = standing.growing
    growing.go_to(growing.point, "compaction_fork", 0 if growing.point.node else None)
    growing.waiting = standing.replay(summed, mark.api)
    standing.summed = (at, summed)
    standing.own[at] = len(growing.waiting)
    standing.breaks.add(at)
    standing.hold(replace(mark, lacks=tuple(sorted(lacks))))
    if type(prompt.value) is dict:
        standing.prompts.begin()
        standing.prompt(prompt)


def edit(standing: Standing, tree: Tree, entry: Placed) -> None:
    """Let the model be shown something else of an entry, or nothing."""
    at, target = standing.leaf, tree.place_of(identity(entry.inner("targetId").value))
    content = entry.inner("replacement").inner("content")
    places = way(tree, tree.above(at), target) if target is not None else None
    row = standing.rows.get(target) if target is not None else None
    is_shown = target is not None and (standing.own[target] > 0 or content.value is not None)
    if target is None or places is None or not (is_shown or row):
        return
    before = held(standing, trail(standing, tree, tree.above(target)), places)
    instead = _instead(standing, row, content)
    if (
        before is None
        or instead is None
        or held(standing, places) is None
        or not _UNSURE.isdisjoint(standing.mark.lacks)
        or not all(each in standing.edits for each in places if each in standing.breaks)
    ):
        standing.hold(standing.mark.lacking(EDIT_UNTOLD))
        return
    standing.edits[at] = (target, instead)
    standing.breaks.add(at)
    _rewrite(standing, places, before)


def _rewrite(standing: Standing, places: Sequence[int], before: Sequence[Row]) -> None:
    """Say anew what was said from an entry on, as it is shown now."""
    at, api = standing.leaf, standing.mark.api
    gone = len(standing.replay(held(standing, places) or [], api, before))
    blocks = standing.replay(held(standing, [*places, at]) or [], api, before)
    growing = standing.growing
    kept = growing.blocks - gone
    waiting = kept - (growing.blocks - len(growing.waiting))
    if waiting >= 0:
        growing.waiting[waiting:] = blocks
    else:
        growing.go_to(growing.point, "rewind_branch", max(kept, 0))
        growing.waiting = blocks
    standing.own[at] = len(blocks) - gone


def _instead(standing: Standing, row: Row | None, content: Placed) -> Row | None:
    """Return what is shown in the place of an entry. None: it is not known whose words it is."""
    if content.value is None:
        return Row(is_gone=True)
    if row is None or row.is_fixed or not row.blocks:
        return row if row is not None and row.is_fixed else None
    role = row.blocks[-1].role
    said = spoken(content, standing.mark.api, standing.is_later)
    if role == "tool":
        texts = [Words(each.value["text"], each.content["text"]) for each in said if _is_text(each)]
        call = Words(row.gives or "", row.gives or "")
        said = [result_block(call, texts, (), is_error=False)]
    elif role == "assistant":
        said = [each._replace(role=role) for each in said]
    return Row(standing.blocks(said), gives=row.gives)


def _is_text(said: Said) -> bool:
    return bool(said.value["type"] == "text")


def _kept(tree: Tree, at: int, first: int | None) -> list[int] | None:
    """Return the entries that stay, from `first` on; none where it is not on the way here.

    None: it is too far to be known.
    """
    found: list[int] = []
    for each in upward(tree, tree.above(at)):
        if first is None or each < first:
            return []
        found.append(each)
        if each == first:
            return found[::-1]
    return None if len(found) >= FAR else []
