"""Say what entered and what left the window of the model between two steps."""

from opentraces.application.read_context import ReadContext
from opentraces.application.show_context import StepContext, single, step_context
from opentraces.domain.address import Address
from opentraces.domain.context.changes import LayerChange, layer_change
from opentraces.domain.context.differing import Differing, differing
from opentraces.domain.slotted import frozen_dataclass


@frozen_dataclass
class DifferentContexts:
    """What the model saw at two steps, held against each other."""

    before: StepContext
    """The one that was named first."""

    after: StepContext
    """The other."""

    differing: Differing
    """Of their blocks."""

    layers: tuple[LayerChange, ...]
    """Of the layers beside the messages those that are not the same."""


@frozen_dataclass
class DiffContexts:
    """Say what entered and what left the window of the model between two steps."""

    read: ReadContext

    def execute(self, before: Address, after: Address) -> DifferentContexts:
        """The two may be of two traces: a session, and one that was forked from it.

        Raises as ShowContext does.
        """
        single(before)
        single(after)
        read = self.read.execute(before.trace)
        other = read if after.trace == before.trace else self.read.execute(after.trace)
        one, two = step_context(read, before), step_context(other, after)
        layers = (
            layer_change("system", one.shown.system, two.shown.system),
            layer_change("tool_registry", one.shown.tools, two.shown.tools),
            layer_change("runtime_state", one.shown.runtime, two.shown.runtime),
        )
        changes = tuple(each for each in layers if each is not None)
        return DifferentContexts(one, two, differing(one.blocks, two.blocks), changes)
