"""Which node of a Context Tree each step saw."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from opentraces.domain.context.events import ContextEvent, NodeObserved
from opentraces.domain.context.tree import ContextTree
from opentraces.domain.kept_step import KeptStep
from opentraces.domain.session import Agent
from opentraces.domain.step import Step

CALLS: Mapping[Agent, str] = {
    Agent.CLAUDE_CODE: "message_id",
    Agent.CODEX_CLI: "response_id",
    Agent.PI: "entry_id",
}
"""What a step's `native` has under this key is what its node is told by: an id of the answer."""


@dataclass(frozen=True, slots=True)
class Seen:
    """The tree of a trace, and what its steps saw of it."""

    tree: ContextTree
    """The tree."""

    nodes: Mapping[int, NodeObserved]
    """The node of each step that is an answer and has one, by the step's number."""

    def steps(self, steps: Iterable[Step]) -> list[Step]:
        """Say of each step what the model saw at it."""
        return [
            step.model_copy(update={"context_node_id": self.nodes[step.step_index].node_id})
            if step.step_index in self.nodes
            else step
            for step in steps
        ]

    @property
    def summary(self) -> dict[str, Any]:
        """Counts and gaps: `TraceRecord.context_tree_summary`. Empty: there is no tree."""
        every = self.tree.nodes.values()
        if not every:
            return {}
        return {
            "node_count": len(every),
            "layer_count": len(self.tree.layers),
            "active_path_leaf_id": self.nodes[max(self.nodes)].node_id if self.nodes else None,
            "capture_limitations": sorted({word for node in every for word in node.limitations}),
            "capture_methods": dict(Counter(node.capture_method for node in every)),
            "branch_types": dict(Counter(node.branch_type for node in every)),
        }


def seen_by(agent: Agent, kept: Sequence[KeptStep], events: Iterable[ContextEvent]) -> Seen:
    """Join steps to nodes by the agent's own ids, never by counting; `kept` are all steps."""
    tree = ContextTree.of(events)
    key = CALLS.get(agent)
    found = (
        (each.step.step_index, tree.calls.get((each.source, each.native[key])))
        for each in kept
        if key is not None and each.step.role == "agent" and key in each.native
    )
    return Seen(tree, {index: node for index, node in found if node is not None})
