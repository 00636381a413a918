"""Show what the model saw at one step of a kept trace."""

from opentraces.application.read_context import ReadContext, Shown, TreeRead, shown
from opentraces.domain.address import Address
from opentraces.domain.context.blocks import Block
from opentraces.domain.context.events import LayerObserved
from opentraces.domain.errors import BadRequest, BytesReleased
from opentraces.domain.ids import Digest, TraceId
from opentraces.domain.slotted import frozen_dataclass
from opentraces.domain.step import TokenUsage


@frozen_dataclass
class StepContext:
    """What the model saw at one step."""

    trace: TraceId
    """Whose step."""

    agent: str
    """Whose session."""

    asked: int | None
    """The step that was asked about. None: the trace as a whole was."""

    step: int
    """The step that is the answer: `asked`, or the next one that was an answer."""

    shown: Shown
    """What it saw."""

    blocks: tuple[Block, ...]
    """Its blocks, one for each of `shown.messages`."""

    system: LayerObserved | None
    """The layer of the system prompt. None: nothing is known of it."""

    tools: LayerObserved | None
    """The layer of the tools. None: nothing is known of them."""

    runtime: LayerObserved | None
    """The layer of model, folder and settings. None: nothing is known of them."""

    usage: TokenUsage
    """What the answer cost."""

    @property
    def bytes(self) -> int:
        """Of its blocks in their normal form."""
        return sum(block.size for block in self.blocks)

    @property
    def new(self) -> int:
        """How many of its last blocks the call before had not."""
        return len(self.shown.node.added)


@frozen_dataclass
class ShowContext:
    """Show what the model saw at one step of a kept trace."""

    read: ReadContext

    def execute(self, address: Address) -> StepContext:
        """Of a step that is no answer, what the next answer saw; of a trace, the last one.

        Raises BadRequest, TraceNotFound, Ambiguous, StepNotFound, NoContext, BytesReleased,
        Corrupt, StorageUnavailable.
        """
        single(address)
        return step_context(self.read.execute(address.trace), address)


def single(address: Address) -> None:
    """Refuse several steps: a window is one call's. Raises BadRequest."""
    if address.last is not None:
        raise BadRequest(
            f"{address.trace}:{address.first}-{address.last} is several steps, and what the model "
            f"saw is one call's → {address.trace}:{address.last}"
        )


def step_context(read: TreeRead, address: Address) -> StepContext:
    """Return what the model saw at a step of a trace that is read. Raises as `execute` does."""
    step = read.step_of(address)
    node = read.node_of(step)
    if any(kept.released for kept in read.envelope.header.sources):
        raise BytesReleased(
            f"what {read.envelope.trace_id} was told is not kept any more: it is older than "
            f"retention.keep_raw_days → opentraces ctx tree {address.trace}"
        )
    header = read.envelope.header
    return StepContext(
        trace=read.envelope.trace_id,
        agent=header.agent.value,
        asked=header.steps if address.first == -1 else address.first,
        step=step,
        shown=shown(read, node),
        blocks=read.seen.tree.blocks(node.node_id),
        system=_layer(read, node.system),
        tools=_layer(read, node.tool_registry),
        runtime=_layer(read, node.runtime_state),
        usage=next(e.step.token_usage for e in read.steps if e.step.step_index == step),
    )


def _layer(read: TreeRead, name: Digest | None) -> LayerObserved | None:
    return read.seen.tree.layers.get(name) if name is not None else None
