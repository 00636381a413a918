"""Draw the Context Tree of a kept trace."""

from collections.abc import Mapping

from opentraces.application.read_context import ReadContext
from opentraces.domain.context.drawing import Row, drawn
from opentraces.domain.context.sizes import Extent, extents
from opentraces.domain.context.standing import Standing, standing
from opentraces.domain.ids import NodeId, TraceId
from opentraces.domain.slotted import frozen_dataclass
from opentraces.domain.subagents import Helper, helpers_of


@frozen_dataclass
class DrawnTree:
    """A Context Tree, to be shown."""

    trace: TraceId
    """Whose."""

    agent: str
    """Whose session."""

    standing: Standing
    """Its nodes, and the steps that saw them."""

    extents: Mapping[NodeId, Extent]
    """How much each of them holds."""

    helpers: Mapping[int, Helper]
    """The sub-agents, by the number of the source that holds their lines."""

    rows: tuple[Row, ...]
    """From top to bottom."""


@frozen_dataclass
class DrawContext:
    """Draw the Context Tree of a kept trace."""

    read: ReadContext

    def execute(self, trace: str) -> DrawnTree:
        """Raises TraceNotFound, Ambiguous, NoContext, Corrupt, StorageUnavailable."""
        read = self.read.execute(trace)
        read.require_nodes()
        tree, header = read.seen.tree, read.envelope.header
        known, sizes = standing(read.seen), extents(tree)
        helpers = helpers_of(header.sources, read.steps)
        return DrawnTree(
            trace=read.envelope.trace_id,
            agent=header.agent.value,
            standing=known,
            extents=sizes,
            helpers=helpers,
            rows=tuple(drawn(known, sizes, helpers)),
        )
