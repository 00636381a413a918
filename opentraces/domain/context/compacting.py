"""Compactions: where a summary took the place of what was said."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from opentraces.domain.context.blocks import Block
from opentraces.domain.context.differing import differing
from opentraces.domain.context.events import NodeObserved
from opentraces.domain.context.saying import said_in
from opentraces.domain.context.seen import Seen
from opentraces.domain.context.sizes import Extent, extents
from opentraces.domain.context.standing import standing
from opentraces.domain.envelope import KeptSource
from opentraces.domain.facts import Compaction
from opentraces.domain.ids import NodeId
from opentraces.domain.kept_step import KeptStep
from opentraces.domain.slotted import frozen_dataclass

_REMINDER = "<system-reminder>"
_HEAD = 200


@frozen_dataclass
class Compacted:
    """One compaction, with both sides."""

    source: int
    """Number of the source in which it happened."""

    boundary: int | None
    """The step that the agent wrote down for it. None: none is known."""

    said: Compaction | None
    """What the agent wrote down of it. None: nothing."""

    last: int | None
    """The last step that was answered before it. None: there is none."""

    first: int | None
    """The first step that was answered after it. None: none was yet."""

    before: Extent | None
    """What the model saw at the last call before. None: not known."""

    after: Extent | None
    """What it saw at the first call after. None: there was none yet."""

    node: NodeObserved | None = None
    """That call. None: there was none yet."""

    entered: tuple[Block, ...] = ()
    """What it saw after, and not before: the summary, and what came since."""


def compacted(
    seen: Seen, kept: Sequence[KeptStep], sources: Sequence[KeptSource]
) -> list[Compacted]:
    """Return the compactions of a trace by source, in their order."""
    known, sizes, told = standing(seen), extents(seen.tree), _told(kept, sources)
    found = []
    for node in known.nodes.values():
        if node.branch_type != "compaction_fork":
            continue
        rest = told.get(node.source, {})
        first = min(known.steps.get(node.node_id, ()), default=None)
        last = _last(node, seen, known.steps)
        boundary = _between(rest, last, first)
        said = rest.pop(boundary) if boundary is not None else None
        before = seen.tree.nodes.get(node.parent) if node.parent is not None else None
        sides = _Sides(seen, sizes, before, node)
        found.append(sides.compacted(node.source, boundary, said, last, first))
    for source, rest in told.items():
        for step, said in rest.items():
            found.append(_unforked(source, step, said, seen, sizes))
    return sorted(found, key=_place)


@frozen_dataclass
class _Sides:
    seen: Seen
    sizes: Mapping[NodeId, Extent]
    before: NodeObserved | None
    after: NodeObserved | None

    def compacted(
        self,
        source: int,
        boundary: int | None,
        said: Compaction | None,
        last: int | None,
        first: int | None,
    ) -> Compacted:
        """Hold both sides against each other."""
        blocks, earlier = self._blocks(self.after), self._blocks(self.before)
        return Compacted(
            source=source,
            boundary=boundary,
            said=said,
            last=last,
            first=first,
            before=self._size(self.before),
            after=self._size(self.after),
            node=self.after,
            entered=tuple(blocks[at] for at in differing(earlier, blocks).entered),
        )

    def _blocks(self, node: NodeObserved | None) -> tuple[Block, ...]:
        return () if node is None else self.seen.tree.blocks(node.node_id)

    def _size(self, node: NodeObserved | None) -> Extent | None:
        return None if node is None else self.sizes.get(node.node_id)


_Told = Mapping[int, dict[int, Compaction]]


def _told(kept: Sequence[KeptStep], sources: Sequence[KeptSource]) -> _Told:
    """Return what agents wrote down, by source and step."""
    steps = {(each.source, each.ordinal): each.step.step_index for each in kept}
    return {
        number: {
            steps[number, each.ordinal]: each
            for each in source.facts.compactions
            if (number, each.ordinal) in steps
        }
        for number, source in enumerate(sources)
        if source.facts is not None and not source.superseded
    }


def _unforked(
    source: int, step: int, said: Compaction, seen: Seen, sizes: Mapping[NodeId, Extent]
) -> Compacted:
    """Return one that was written down and that no call is known to have begun with."""
    own = [index for index, node in seen.nodes.items() if node.source == source]
    last = max((index for index in own if index < step), default=None)
    first = min((index for index in own if index > step), default=None)
    before, after = (seen.nodes[at] if at is not None else None for at in (last, first))
    return _Sides(seen, sizes, before, after).compacted(source, step, said, last, first)


def _last(node: NodeObserved, seen: Seen, steps: Mapping[NodeId, tuple[int, ...]]) -> int | None:
    if node.parent is None:
        return None
    answered = (e.node_id for e in seen.tree.lineage(node.parent) if e.node_id in steps)
    return next((max(steps[name]) for name in answered), None)


def _between(told: Iterable[int], last: int | None, first: int | None) -> int | None:
    """Return the step that was written down for a compaction between two others."""
    if first is None:
        return None
    return max((step for step in told if (last or 0) < step < first), default=None)


def _place(each: Compacted) -> tuple[int, int]:
    steps = (each.boundary, each.last, each.first)
    return each.source, next((step for step in steps if step is not None), 0)


def summary_in(entered: Iterable[tuple[str, Any]], told: Sequence[str]) -> str | None:
    """Return the summary out of what entered with a compaction, as roles and blocks.

    It is what holds the text of a step that is a summary, `told`; else the first text that is no
    reminder of the agent's program; else, where nothing followed, the step. None: there is none.
    """
    texts = [
        said.text
        for role, value in entered
        if role != "assistant"
        for said in (said_in(value),)
        if said.kind == "text"
    ]
    heads = [text.strip()[:_HEAD] for text in told]
    of_step = (text for text in texts if any(head in text for head in heads if head))
    of_block = (text for text in texts if text.strip() and not text.startswith(_REMINDER))
    return next(of_step, None) or next(of_block, None) or next(iter(told), None)
