"""What a node of a Context Tree is named by."""

from collections.abc import Iterable

from opentraces.domain.context.blocks import Block, normal
from opentraces.domain.context.events import LayerKind, NodeObserved
from opentraces.domain.context.templates import Template
from opentraces.domain.ids import Digest, NodeId, content_id, sized_digest


def node_id(
    parent: NodeId | None,
    kept: int | None,
    added: Iterable[Block],
    layers: Iterable[Digest | None],
) -> NodeId:
    """Name a node by its content and its parent.

    The SHA-256 of a JSON list: the parent, how many of its blocks stay, the ids of the blocks
    after them, and the ids of the layers system, tool registry and runtime state.
    """
    material = [parent, kept, [block.id for block in added], list(layers)]
    return NodeId(f"sha256:{content_id(material)}")


def id_of(node: NodeObserved) -> NodeId:
    """Name a node that was read, by what it holds."""
    layers = (node.system, node.tool_registry, node.runtime_state)
    return node_id(node.parent, node.kept, node.added, layers)


def layer_id(kind: LayerKind, value: Template) -> Digest:
    """Name a layer by its kind and its normal form: 16 hex digits."""
    return sized_digest(kind.encode() + b"\0", normal_layer(value))[0]


def normal_layer(value: Template) -> Template:
    """Return a layer as it is compared: see `normal`."""
    return [normal(each) for each in value] if isinstance(value, list) else value
