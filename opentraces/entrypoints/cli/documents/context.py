"""What the model saw, as JSON."""

from typing import Any

from opentraces.application.draw_context import DrawnTree
from opentraces.application.show_context import StepContext
from opentraces.application.weigh_context import Weighed
from opentraces.domain.context.events import NodeObserved
from opentraces.domain.context.filling import Part
from opentraces.domain.context.merging import merged
from opentraces.domain.subagents import Helper
from opentraces.entrypoints.cli.documents.shared import SCHEMA_VERSION

_KINDS = ("system", "messages", "tool_registry", "runtime_state")
_ASKED = {"tools": "tool_registry", "runtime": "runtime_state"}


def step_document(context: StepContext, layer: str | None) -> dict[str, Any]:
    """`ctx show --json`; `layer`: the one that was asked for alone. None: all are."""
    shown = context.shown
    node = shown.node
    layers = {
        "system": shown.system,
        "messages": [
            {"role": role, "content": content} for role, content in merged(shown.messages)
        ],
        "tool_registry": shown.tools,
        "runtime_state": shown.runtime,
    }
    wanted = _KINDS if layer is None else (_ASKED.get(layer, layer),)
    return {
        "schema_version": SCHEMA_VERSION,
        "node_id": node.node_id,
        "parent_node_id": node.parent,
        "completeness": completeness_of(node),
        "capture_method": node.capture_method,
        "limitations": list(node.limitations),
        "layers": {kind: layers[kind] for kind in wanted},
    }


def completeness_of(node: NodeObserved) -> dict[str, str]:
    """Return how much of each layer is known."""
    return {kind: node.completeness.get(kind, "stub") for kind in _KINDS}


def tree_document(found: DrawnTree) -> dict[str, Any]:
    """`ctx tree --json`: all nodes, each once, in the order in which they were told of."""
    return {
        "schema_version": SCHEMA_VERSION,
        "trace_id": found.trace,
        "nodes": [_node(node, found) for node in found.standing.nodes.values()],
        "subagents": {
            str(number): _helper(helper)
            for number, helper in found.helpers.items()
            if any(node.source == number for node in found.standing.nodes.values())
        },
    }


def _node(node: NodeObserved, found: DrawnTree) -> dict[str, Any]:
    extent = found.extents[node.node_id]
    return {
        "node_id": node.node_id,
        "parent_node_id": node.parent,
        "branch_type": node.branch_type,
        "purpose": node.purpose,
        "steps": list(found.standing.steps.get(node.node_id, ())),
        "also_sent_for": list(found.standing.again.get(node.node_id, ())),
        "source": node.source,
        "blocks": extent.blocks,
        "bytes": extent.bytes,
        "added": len(node.added),
        "completeness": completeness_of(node),
        "capture_method": node.capture_method,
        "limitations": list(node.limitations),
    }


def _helper(helper: Helper) -> dict[str, Any]:
    return {
        "agent_id": helper.agent_id,
        "agent_type": helper.agent_type,
        "description": helper.description,
        "parent_step": helper.parent_step,
    }


def weighed_document(found: Weighed) -> dict[str, Any]:
    """`ctx tokens --json`."""
    context = found.context
    return {
        "schema_version": SCHEMA_VERSION,
        "trace_id": context.trace,
        "step": context.step,
        "node_id": context.shown.node.node_id,
        "prompt_tokens": found.tokens,
        "tokens_are": "estimated",
        "bytes": sum(part.bytes for part in found.parts),
        "parts": [_part(part) for part in found.parts],
    }


def _part(part: Part) -> dict[str, Any]:
    return {
        "kind": part.kind,
        "name": part.name,
        "blocks": part.blocks,
        "bytes": part.bytes,
        "tokens": part.tokens,
    }
