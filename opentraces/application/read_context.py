"""Read the Context Tree of a kept trace: what the model saw at each of its calls."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from opentraces.application.kept_values import KeptValues
from opentraces.application.resolve_trace import ResolveTrace
from opentraces.domain.address import Address
from opentraces.domain.context.events import ContextEvent, NodeObserved
from opentraces.domain.context.seen import Seen, call_of, seen_by
from opentraces.domain.envelope import Envelope
from opentraces.domain.errors import NoContext, StepNotFound
from opentraces.domain.kept_step import KeptStep
from opentraces.ports.blobs import BlobStore
from opentraces.ports.traces import TraceStore


@dataclass(frozen=True, slots=True)
class TreeRead:
    """The tree of a trace, joined to its steps."""

    envelope: Envelope
    """The trace."""

    steps: tuple[KeptStep, ...]
    """All its steps, each as last amended."""

    seen: Seen
    """What they saw."""

    values: KeptValues
    """What its templates stand for."""

    def step_of(self, address: Address) -> int:
        """Return the number of the step whose context is meant.

        Of a step that is no answer it is that of the next answer in the same source; of a trace as
        a whole, that of the last one in the main transcript. Raises StepNotFound, NoContext.
        """
        trace, count, nodes = self.envelope.trace_id, self.envelope.header.steps, self.seen.nodes
        if not nodes:
            raise NoContext(
                f"{trace}: what the model saw is not known at any step → if it was kept by an "
                "earlier release, opentraces bucket repair --reproject"
            )
        if address.first is None:
            first = min(nodes[index].source for index in nodes)
            return max(index for index in nodes if nodes[index].source == first)
        asked = count if address.first == -1 else address.first
        if not 1 <= asked <= count:
            raise StepNotFound(f"no step {asked} in {trace}: it has {count}")
        source = next(each.source for each in self.steps if each.step.step_index == asked)
        answers = (index for index in nodes if index >= asked and nodes[index].source == source)
        found = min(answers, default=None)
        if found is None:
            raise NoContext(
                f"{trace}:{asked} was never answered → the last step that was is :{max(nodes)}"
            )
        return found

    def node_of(self, step: int) -> NodeObserved:
        """Return what the model saw at a step that `step_of` returned."""
        return self.seen.nodes[step]


@dataclass(frozen=True, slots=True)
class ReadContext:
    """Read the Context Tree of a kept trace."""

    traces: TraceStore
    blobs: BlobStore
    resolve: ResolveTrace
    derive: Callable[[Envelope], Iterable[ContextEvent]]
    """Makes all events of a trace again: where those that are kept go on from another's."""

    def execute(self, trace: str) -> TreeRead:
        """`trace`: as in an address.

        Raises TraceNotFound, Ambiguous, Corrupt, StorageUnavailable.
        """
        envelope = self.traces.envelope(self.resolve.execute(trace))
        steps = tuple(self.traces.steps(envelope, 1, None))
        seen = seen_by(envelope.header.agent, steps, self.traces.context(envelope))
        if not _is_whole(seen, steps, envelope):
            seen = seen_by(envelope.header.agent, steps, self.derive(envelope))
        values = KeptValues(self.traces, self.blobs, envelope, seen.tree)
        return TreeRead(envelope, steps, seen, values)


def _is_whole(seen: Seen, steps: Iterable[KeptStep], envelope: Envelope) -> bool:
    """Whether the node of each answer is there, and all that those go on from."""
    calls = [call for each in steps if (call := call_of(envelope.header.agent, each)) is not None]
    return all(call in seen.tree.calls for call in calls) and all(
        node.parent is None or node.parent in seen.tree.nodes for node in seen.tree.nodes.values()
    )


@dataclass(frozen=True, slots=True)
class Shown:
    """What the model saw at one step, put together."""

    node: NodeObserved
    """The node."""

    system: Any
    """The system prompt, as the provider was sent it: a text or blocks. None: not known."""

    messages: tuple[tuple[str, Any], ...]
    """Role and value of each block, in order."""

    tools: Any
    """The tools, as the provider was sent them. None: not known."""

    runtime: Any
    """Model, folder and settings. None: not known."""


def shown(read: TreeRead, node: NodeObserved) -> Shown:
    """Put together what the model saw. Raises Corrupt, StorageUnavailable."""
    tree = read.seen.tree
    layers = [
        tree.layers[each].content if each is not None and each in tree.layers else None
        for each in (node.system, node.tool_registry, node.runtime_state)
    ]
    blocks = tree.blocks(node.node_id)
    system, tools, runtime, *values = read.values.render([*layers, *(b.content for b in blocks)])
    messages = tuple(zip((block.role for block in blocks), values, strict=True))
    return Shown(node, system, messages, tools, runtime)
