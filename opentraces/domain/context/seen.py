"""Which node of a Context Tree each step saw."""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any

from opentraces.domain.context.carried import LIVE
from opentraces.domain.context.events import ContextEvent, NodeObserved
from opentraces.domain.context.joining import joined
from opentraces.domain.context.tree import ContextTree
from opentraces.domain.kept_step import KeptStep
from opentraces.domain.session import Agent
from opentraces.domain.slotted import frozen_dataclass
from opentraces.domain.step import Step

CALLS: Mapping[Agent, str] = {
    Agent.CLAUDE_CODE: "message_id",
    Agent.CODEX_CLI: "answer",
    Agent.PI: "answer_id",
}
"""What a step's `native` has under this key is what its node is told by: an id of the answer."""

_Call = tuple[int, str]
"""Source and native id of an answer."""


@frozen_dataclass
class Seen:
    """The tree of a trace, and what its steps saw of it."""

    tree: ContextTree
    """The tree."""

    nodes: Mapping[int, NodeObserved]
    """The node of each step that is an answer and has one, by the step's number."""

    own: tuple[NodeObserved, ...]
    """The nodes that are this trace's: those of copied steps are another's."""

    def steps(self, steps: Iterable[Step]) -> list[Step]:
        """Say of each step what the model saw at it."""
        return [
            step.but(context_node_id=self.nodes[step.step_index].node_id)
            if step.step_index in self.nodes
            else step
            for step in steps
        ]

    @property
    def summary(self) -> dict[str, Any]:
        """Counts and gaps: `TraceRecord.context_tree_summary`. Empty: there is no tree."""
        if not self.own:
            return {}
        layers = {layer for node in self.own for layer in _layers(node)}
        return {
            "node_count": len({node.node_id for node in self.own}),
            "layer_count": len(layers),
            "active_path_leaf_id": self.nodes[max(self.nodes)].node_id if self.nodes else None,
            "capture_limitations": sorted({word for each in self.own for word in each.limitations}),
            "capture_methods": _counted(node.capture_method for node in self.own),
            "branch_types": _counted(node.branch_type for node in self.own),
        }


def call_of(agent: Agent, kept: KeptStep) -> _Call | None:
    """Return what tells the node of a step. None: it is no answer, or of an unknown call."""
    call = kept.native.get(CALLS.get(agent, ""))
    return (kept.source, call) if call is not None and kept.step.role == "agent" else None


def seen_by(
    agent: Agent,
    kept: Sequence[KeptStep],
    events: Iterable[ContextEvent],
    copied: Collection[int] = (),
) -> Seen:
    """Join steps to nodes by the agent's own ids, never by counting; `kept` are all steps.

    `copied`: numbers of steps whose nodes are another trace's, and stay out.
    """
    tree = ContextTree.of(events)
    found = joined(tree)
    calls = {each.step.step_index: call_of(agent, each) for each in kept}
    elsewhere = {calls[index] for index in copied}
    nodes = {
        index: found.calls[call]
        for index, call in calls.items()
        if call in found.calls and index not in copied and call is not None
    }
    own = [node for call, node in found.calls.items() if call not in elsewhere]
    return Seen(tree, nodes, (*own, *found.others))


def without(events: Iterable[ContextEvent], calls: Collection[_Call]) -> Iterator[ContextEvent]:
    """Yield events, less the nodes of some calls as their session's lines tell of them."""
    for event in events:
        if isinstance(event, NodeObserved) and event.capture_method not in LIVE:
            if _call(event) not in calls:
                yield event
        else:
            yield event


def _call(node: NodeObserved) -> _Call | None:
    return None if node.call is None else (node.source, node.call)


def _layers(node: NodeObserved) -> Iterator[str]:
    for layer in (node.system, node.tool_registry, node.runtime_state):
        if layer is not None:
            yield layer


def _counted(words: Iterable[str]) -> dict[str, int]:
    return dict(sorted(Counter(words).items()))
