"""Whether what a Context Tree names is what it is named by."""

from collections.abc import Iterator
from typing import Any, NamedTuple

from opentraces.domain.context.blocks import block_id
from opentraces.domain.context.events import LayerKind
from opentraces.domain.context.node_ids import layer_id
from opentraces.domain.context.templates import Template
from opentraces.domain.context.tree import ContextTree
from opentraces.domain.ids import Digest


class Named(NamedTuple):
    """A block or a layer: something that is named by its content."""

    id: Digest
    """What it is named."""

    content: Template
    """Where its content is."""

    role: str = ""
    """Of a block, who speaks."""

    kind: LayerKind | None = None
    """Of a layer, which. None: it is a block."""

    def holds(self, value: Any) -> bool:
        """Whether `value`, which is what its content stands for, has its name."""
        if self.kind is not None:
            return layer_id(self.kind, value) == self.id
        return block_id(self.role, value) == self.id


def named_in(tree: ContextTree) -> Iterator[Named]:
    """Yield every layer, and every block that a node adds."""
    for layer in tree.layers.values():
        yield Named(layer.layer_id, layer.content, kind=layer.kind)
    for node in tree.nodes.values():
        for block in node.added:
            yield Named(block.id, block.content, block.role)
