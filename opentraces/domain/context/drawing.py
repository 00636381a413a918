"""A Context Tree as rows: what follows straight on is one row, what forks stands further in."""

from collections.abc import Mapping, Sequence

from opentraces.domain.context.events import NodeObserved
from opentraces.domain.context.sizes import Extent
from opentraces.domain.context.standing import Standing
from opentraces.domain.ids import NodeId
from opentraces.domain.slotted import frozen_dataclass
from opentraces.domain.subagents import Helper


@frozen_dataclass
class Row:
    """Calls that follow straight on, one from the other."""

    depth: int
    """How far in it stands: 0 is the session's own way, as it was gone on with last."""

    nodes: tuple[NodeObserved, ...]
    """At least one."""

    steps: tuple[int, ...]
    """The steps that they are about, ascending. Empty: they are no steps."""

    extent: Extent
    """How much the model saw at the last of them."""

    is_root: bool = False
    """Whether the first of them goes on from none, or from one that is not there."""

    helper: Helper | None = None
    """The sub-agent whose first calls these are. None: they are nobody's first."""


def drawn(
    standing: Standing, extents: Mapping[NodeId, Extent], helpers: Mapping[int, Helper]
) -> list[Row]:
    """Return the rows from top to bottom.

    Below the calls that it goes on from stands what was left, then, no further in, what was gone
    on with last. A sub-agent stands below the call whose answer started it; `helpers` by source.
    """
    hung, roots = _hung(standing, helpers), {root.node_id for root in standing.roots}
    started = {root.node_id for roots in hung.values() for root in roots}
    waiting = [(root, 0) for root in reversed(standing.roots) if root.node_id not in started]
    rows = []
    while waiting:
        node, depth = waiting.pop()
        run = _run(node, standing, hung)
        last = run[-1].node_id
        steps = sorted(step for each in run for step in standing.steps.get(each.node_id, ()))
        is_root = node.node_id in roots
        helper = helpers.get(node.source) if is_root else None
        rows.append(Row(depth, tuple(run), tuple(steps), extents[last], is_root, helper))
        waiting += reversed(_below(last, depth, standing, hung))
    return rows


_Hung = Mapping[NodeId, list[NodeObserved]]


def _hung(standing: Standing, helpers: Mapping[int, Helper]) -> _Hung:
    """Return the first calls of sub-agents by the node whose answer started them."""
    of_steps = {step: name for name, steps in standing.steps.items() for step in steps}
    hung: dict[NodeId, list[NodeObserved]] = {}
    for root in standing.roots:
        helper = helpers.get(root.source)
        started = of_steps.get(helper.parent_step or 0) if helper is not None else None
        if started is not None and started != root.node_id:
            hung.setdefault(started, []).append(root)
    return hung


def _run(node: NodeObserved, standing: Standing, hung: _Hung) -> list[NodeObserved]:
    run = [node]
    while (following := _straight(run[-1], standing, hung)) is not None:
        run.append(following)
    return run


def _straight(node: NodeObserved, standing: Standing, hung: _Hung) -> NodeObserved | None:
    """Return the one call that goes straight on from another. None: there is none, or several."""
    children = standing.children.get(node.node_id, ())
    if len(children) != 1 or node.node_id in hung:
        return None
    (child,) = children
    is_alike = (
        child.branch_type == "linear"
        and (child.source, child.purpose) == (node.source, node.purpose)
        and (child.node_id in standing.steps) == (node.node_id in standing.steps)
    )
    return child if is_alike else None


def _below(
    node: NodeId, depth: int, standing: Standing, hung: _Hung
) -> list[tuple[NodeObserved, int]]:
    children = standing.children.get(node, ())
    going_on = _going_on(children, standing)
    left = [each for each in children if each is not going_on]
    below = [(each, depth + 1) for each in (*hung.get(node, ()), *left)]
    return below if going_on is None else [*below, (going_on, depth)]


def _going_on(children: Sequence[NodeObserved], standing: Standing) -> NodeObserved | None:
    """Return what was gone on with last: a call for a step, else one that is told of as a step."""
    for_steps = (each for each in reversed(children) if each.purpose == "step")
    told = (each for each in reversed(children) if each.node_id in standing.steps)
    return next(for_steps, None) or next(told, None)
