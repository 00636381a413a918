"""What changes what was said: a summary in its place, or an entry that is shown otherwise."""

from collections.abc import Sequence
from dataclasses import replace

from opentraces.adapters.pi.context.forms import Said, result_block
from opentraces.adapters.pi.context.going_back import FAR, held, upward, way
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


def compact(standing: Standing, tree: Tree, entry: Placed) -> None:
    """Let a summary take the place of what was said, but for the last entries."""
    at = standing.leaf
    prompt = entry.inner("systemMessage")
    mark = standing.mark
    lacks = [word for word in mark.lacks if word not in (KEPT_UNTOLD, EDIT_UNTOLD, GIANT)]
    places = _kept(tree, at, tree.place_of(identity(entry.inner("firstKeptEntryId").value)))
    rows = held(standing, places) if places is not None else None
    if rows is None:
        lacks.append(KEPT_UNTOLD)
    if not set(standing.giants).isdisjoint(places or ()):
        lacks.append(GIANT)
    kept = standing.replay(rows or [], mark.api)
    growing = standing.growing
    growing.go_to(growing.point, "compaction_fork", 0 if growing.point.node else None)
    growing.waiting = standing.blocks(summed_up(entry.inner("summary"))) + kept
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
    if target is None or places is None or not (standing.own[target] or at in standing.edits):
        return
    before = held(standing, places)
    if before is None or not all(each in standing.edits for each in _breaks(standing, places)):
        standing.hold(standing.mark.lacking(EDIT_UNTOLD))
        return
    standing.edits[at] = (target, _instead(standing, target, content))
    standing.breaks.add(at)
    _rewrite(standing, places, at)


def _rewrite(standing: Standing, places: Sequence[int], at: int) -> None:
    """Say anew what was said from an entry on, as it is shown now."""
    gone = sum(standing.own[each] for each in places)
    gone += sum(standing.due_before.get(each, 0) for each in places[1:])
    blocks = standing.replay(held(standing, [*places, at]) or [], standing.mark.api)
    growing = standing.growing
    kept = growing.blocks - gone
    waiting = kept - (growing.blocks - len(growing.waiting))
    if waiting >= 0:
        growing.waiting[waiting:] = blocks
    else:
        growing.go_to(growing.point, "rewind_branch", max(kept, 0))
        growing.waiting = blocks
    standing.own[at] = len(blocks) - gone


def _instead(standing: Standing, target: int, content: Placed) -> Row:
    """Return what is shown in the place of an entry."""
    row = standing.rows.get(target)
    if row is None or not row.blocks or content.value is None:
        return Row()
    role = row.blocks[-1].role
    said = spoken(content)
    if role == "tool":
        texts = [Words(each.value["text"], each.content["text"]) for each in said if _is_text(each)]
        call = Words(row.gives or "", row.gives or "")
        said = [result_block(call, texts, (), is_error=False)]
    elif role == "assistant":
        said = [each._replace(role=role) for each in said]
    return Row(standing.blocks(said), gives=row.gives)


def _is_text(said: Said) -> bool:
    return bool(said.value["type"] == "text")


def _breaks(standing: Standing, places: Sequence[int]) -> list[int]:
    return [each for each in places if each in standing.breaks]


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
