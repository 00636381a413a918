"""Read the Context Tree of a kept trace: what the model saw at each of its calls."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from opentraces.application.context_events import requests_seen
from opentraces.application.kept_values import KeptValues
from opentraces.application.resolve_trace import ResolveTrace
from opentraces.domain.address import Address
from opentraces.domain.context.events import ContextEvent, NodeObserved
from opentraces.domain.context.naming import Named
from opentraces.domain.context.seen import Seen, call_of, seen_by
from opentraces.domain.envelope import Envelope, context_path
from opentraces.domain.errors import Corrupt, NoContext, StepNotFound
from opentraces.domain.kept_step import KeptStep
from opentraces.domain.session import Agent
from opentraces.domain.slotted import frozen_dataclass
from opentraces.ports.blobs import BlobStore
from opentraces.ports.hook_events import HookEvents
from opentraces.ports.traces import TraceStore


@frozen_dataclass
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
        self.require_nodes()
        trace, count, nodes = self.envelope.trace_id, self.envelope.header.steps, self.seen.nodes
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

    def require_nodes(self) -> None:
        """Raise NoContext where nothing is known of what the model saw at any step."""
        if self.seen.nodes:
            return
        trace, agent = self.envelope.trace_id, self.envelope.header.agent
        if all(call_of(agent, each) is None for each in self.steps):
            raise NoContext(
                f"{trace}: no step of it is the answer to a call that is known → opentraces trace "
                f"get {trace[:8]}"
            )
        raise NoContext(
            f"{trace}: what the model saw is not known at any step → if it was kept by an "
            "earlier release, opentraces bucket repair --reproject"
        )

    def node_of(self, step: int) -> NodeObserved:
        """Return what the model saw at a step that `step_of` returned."""
        return self.seen.nodes[step]


@frozen_dataclass
class ReadContext:
    """Read the Context Tree of a kept trace."""

    traces: TraceStore
    blobs: BlobStore
    resolve: ResolveTrace
    events: Mapping[Agent, HookEvents]
    derive: Callable[[Envelope], Iterable[ContextEvent]]
    """Makes all events of a trace again: where those that are kept go on from another's."""

    def execute(self, trace: str) -> TreeRead:
        """`trace`: as in an address.

        Raises TraceNotFound, Ambiguous, Corrupt, StorageUnavailable.
        """
        envelope = self.traces.envelope(self.resolve.execute(trace))
        steps = tuple(self.traces.steps(envelope, 1, None))
        agent = envelope.header.agent
        told = tuple(requests_seen(envelope, self.traces, self.events))
        seen = seen_by(agent, steps, (*self.traces.context(envelope), *told))
        if not _is_whole(seen, steps, envelope):
            seen = seen_by(agent, steps, (*self.derive(envelope), *told))
        values = KeptValues(self.traces, self.blobs, envelope, seen.tree)
        return TreeRead(envelope, steps, seen, values)


def _is_whole(seen: Seen, steps: Iterable[KeptStep], envelope: Envelope) -> bool:
    """Whether nothing that the trace's own sources tell of is another's, or was never kept."""
    nodes = seen.tree.nodes
    parents = {node.parent for node in nodes.values()} - {None}
    if not envelope.context_length or parents - nodes.keys():
        return False
    calls = (call_of(envelope.header.agent, each) for each in steps if envelope.header.replays)
    return all(call is None or call in seen.tree.calls for call in calls)


@frozen_dataclass
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
    """Put together what the model saw.

    Raises Corrupt where a part of it is not what it is named by, StorageUnavailable.
    """
    tree = read.seen.tree
    wanted = (node.system, node.tool_registry, node.runtime_state)
    layers = [tree.layers[each] for each in wanted if each is not None and each in tree.layers]
    blocks = tree.blocks(node.node_id)
    named = [
        *(Named(layer.layer_id, layer.content, kind=layer.kind) for layer in layers),
        *(Named(block.id, block.content, block.role) for block in blocks),
    ]
    values = read.values.render(each.content for each in named)
    for each, value in zip(named, values, strict=True):
        if not each.holds(value):
            raise Corrupt(
                f"{context_path(read.envelope)}: {each.kind or each.role} {each.id} is not what it "
                "is named by → opentraces bucket verify --deep"
            )
    told = {layer.kind: value for layer, value in zip(layers, values, strict=False)}
    messages = zip((block.role for block in blocks), values[len(layers) :], strict=True)
    return Shown(
        node,
        told.get("system"),
        tuple(messages),
        told.get("tool_registry"),
        told.get("runtime_state"),
    )
