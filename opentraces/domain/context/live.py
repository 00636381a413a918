"""Nodes of requests whose bodies were kept: what the model was sent, to the last block."""

from collections.abc import Iterable, Mapping
from itertools import takewhile
from typing import Any

from opentraces.domain.context.blocks import Block, block_id, block_of
from opentraces.domain.context.conversations import Conversations, Shared, places
from opentraces.domain.context.events import (
    BranchType,
    Completeness,
    ContextEvent,
    LayerKind,
    LayerObserved,
    NodeObserved,
    Purpose,
)
from opentraces.domain.context.known_values import KnownValues
from opentraces.domain.context.node_ids import layer_id, node_id, normal_layer
from opentraces.domain.context.recipes import Recipe
from opentraces.domain.context.sent import (
    SentBlock,
    runtime_content,
    runtime_state,
    sent_blocks,
)
from opentraces.domain.context.templates import Template
from opentraces.domain.ids import Digest, NodeId, canonical_bytes
from opentraces.domain.slotted import frozen_dataclass

REDACTED = "<REDACTED>"
"""What stands in a body for thinking, beside its signature."""

THINKING_REDACTED = "thinking_redacted"
"""The limitation of a node whose thinking nobody holds."""

_ANSWER = "assistant"


@frozen_dataclass
class RequestSaid:
    """What an agent's own words in a request tell of it."""

    purpose: Purpose = "step"
    """What it was for."""

    is_helper: bool = False
    """Whether a sub-agent made it."""

    is_compacted: bool = False
    """Whether a summary stands in it for what was said before."""


@frozen_dataclass
class _From:
    """What a node goes on from."""

    parent: NodeId | None
    kept: int | None
    branch: BranchType
    shared: int


class LiveContext:
    """The requests of one session, in the order in which they were sent."""

    def __init__(self, known: KnownValues, events: Iterable[ContextEvent] = ()) -> None:
        """Go on after `events`, which are what was written down before."""
        self._known = known
        self._conversations = Conversations()
        self._nodes: dict[NodeId, NodeObserved] = {}
        self._layers: set[Digest] = set()
        self._helpers: set[NodeId] = set()
        self._answers: dict[Digest, NodeId] = {}
        self._latest: dict[tuple[bool, bool], NodeId] = {}
        for event in events:
            if isinstance(event, LayerObserved):
                self._layers.add(event.layer_id)
            elif isinstance(event, NodeObserved) and is_of_body(event):
                self._add(event)

    def node(self, recipe: Recipe, said: RequestSaid) -> list[ContextEvent]:
        """Return what is to be written of a request beside its body: a node, and new layers.

        Nothing, when its body is no JSON object.
        """
        if not isinstance(recipe.value, dict):
            return []
        sent = [*sent_blocks(recipe.value.get("messages"))]
        ids = [block_id(each.role, each.value) for each in sent]
        along = places(ids)
        begins = self._begins(sent, along, said)
        blocks = [
            self._block(recipe, each, place)
            for each, place in zip(sent[begins.shared :], along[begins.shared :], strict=True)
        ]
        layers, events = self._layers_of(recipe)
        limitations = _limitations(self._known, sent, ids)
        node = NodeObserved(
            node_id=node_id(begins.parent, begins.kept, blocks, layers),
            parent=begins.parent,
            kept=begins.kept,
            added=tuple(blocks),
            system=layers[0],
            tool_registry=layers[1],
            runtime_state=layers[2],
            branch_type=begins.branch,
            completeness=_completeness(limitations),
            capture_method="live_capture",
            limitations=limitations,
            purpose=said.purpose,
            requests=(recipe.body.name,),
            results=_results(sent),
        )
        self._add(node)
        return [*events, node]

    def _add(self, node: NodeObserved) -> None:
        self._conversations.add(node)
        self._nodes[node.node_id] = node
        if node.branch_type == "subagent_fork" or node.parent in self._helpers:
            self._helpers.add(node.node_id)
        is_helper = node.node_id in self._helpers
        if not is_helper:
            answers = (block.id for block in node.added if block.role == _ANSWER)
            self._answers.update(dict.fromkeys(answers, node.node_id))
        if node.purpose in ("step", "compaction"):
            self._latest[is_helper, node.purpose == "compaction"] = node.node_id

    def _block(self, recipe: Recipe, sent: SentBlock, place: Digest) -> Block:
        met = self._conversations.block(place)
        if met:
            return met
        content = recipe.said.get(sent.place)
        if content is None:
            content = self._known.block(sent.role, sent.value)
        block = block_of(sent.role, sent.value, content)
        told = self._known.told(block.id) if _is_redacted(sent.value) else None
        return block if told is None else block.moved(told)

    def _begins(self, sent: list[SentBlock], along: list[Digest], said: RequestSaid) -> _From:
        same = self._conversations.same(along)
        if same:
            node = self._nodes[same]
            return _From(node.parent, node.kept, node.branch_type, len(along) - len(node.added))
        shared = self._conversations.shared(along)
        if shared and self._goes_on(sent, shared):
            return self._gone_on(sent, along, said, shared)
        if said.is_compacted:
            return self._compacted(along, said)
        if said.is_helper or said.purpose != "step":
            return _From(None, None, "subagent_fork" if said.is_helper else "root", 0)
        before = self._answered(sent)
        if before:
            kept = self._conversations.shared_with(before, along)
            return _From(before, kept, "linear", kept)
        if shared and (False, False) in self._latest:
            return self._gone_on(sent, along, said, shared)
        return _From(None, None, "root", 0)

    def _goes_on(self, sent: list[SentBlock], shared: Shared) -> bool:
        """Whether what is shared is more than how every conversation begins."""
        if any(map(_is_answer, sent[: shared.blocks])):
            return True
        is_answered = _is_answer(sent[shared.blocks])
        return shared.is_whole and (is_answered or not shared.is_followed)

    def _gone_on(
        self, sent: list[SentBlock], along: list[Digest], said: RequestSaid, shared: Shared
    ) -> _From:
        is_rewound = said.purpose == "step" and self._is_rewound(sent, along, shared)
        branch: BranchType = "rewind_branch" if is_rewound else "linear"
        kept = None if shared.is_whole else shared.blocks
        return _From(shared.node, kept, branch, shared.blocks)

    def _answered(self, sent: list[SentBlock]) -> NodeId | None:
        """Return the latest request that has an answer in common with one that begins otherwise.

        A client that tells the model of another date changes the first message of all.
        """
        answers = (block_id(each.role, each.value) for each in reversed(sent) if _is_answer(each))
        return next((self._answers[each] for each in answers if each in self._answers), None)

    def _compacted(self, along: list[Digest], said: RequestSaid) -> _From:
        """Return what a request goes on from that begins with a summary."""
        helper = said.is_helper
        before = self._latest.get((helper, True)) or self._latest.get((helper, False))
        if before is None:
            return _From(None, None, "subagent_fork" if helper else "root", 0)
        kept = self._conversations.shared_with(before, along)
        return _From(before, kept, "compaction_fork", kept)

    def _is_rewound(self, sent: list[SentBlock], along: list[Digest], shared: Shared) -> bool:
        """Whether a request goes back to what was said before, and on in another way.

        What the client writes in another way when it sends it again is no going back: a result
        with a reminder in it, a text that ends with one newline more.
        """
        after = sent[shared.blocks :]
        if not shared.is_followed or any(map(_is_answer, after)):
            return False
        first = after[0]
        if _is_of_type(first.value, "tool_result"):
            return False
        bare = block_id(first.role, _without_newline(first.value))
        return not self._conversations.has(places([bare], along[shared.blocks - 1])[0])

    def _layers_of(self, recipe: Recipe) -> tuple[list[Digest], list[ContextEvent]]:
        """Return the ids of the three layers, and those of them that are new."""
        body: Mapping[str, Any] = recipe.value
        told: list[tuple[LayerKind, Any, Template]] = [
            ("system", body.get("system", []), recipe.layers.get("system", [])),
            ("tool_registry", body.get("tools", []), recipe.layers.get("tools", [])),
            ("runtime_state", runtime_state(body), runtime_content(body, recipe.layers)),
        ]
        names: list[Digest] = []
        events: list[ContextEvent] = []
        for kind, value, content in told:
            name = layer_id(kind, value)
            names.append(name)
            if name not in self._layers:
                self._layers.add(name)
                size = len(canonical_bytes(normal_layer(value)))
                layer = LayerObserved(layer_id=name, kind=kind, content=content, size=size)
                events.append(layer)
        return names, events


def is_told(known: KnownValues, body: Any) -> bool:
    """Whether all thinking that a request's body leaves out is known from elsewhere."""
    sent = sent_blocks(body.get("messages")) if isinstance(body, dict) else ()
    return all(
        known.told(block_id(each.role, each.value)) is not None
        for each in sent
        if _is_redacted(each.value)
    )


def is_of_body(node: NodeObserved) -> bool:
    """Whether a node was made of the body of a request alone."""
    return node.capture_method == "live_capture" and node.call is None and bool(node.requests)


def _results(sent: list[SentBlock]) -> int:
    """Return how many results of tools stand after the last answer."""
    after = takewhile(lambda each: not _is_answer(each), reversed(sent))
    return sum(_is_of_type(each.value, "tool_result") for each in after)


def _is_answer(sent: SentBlock) -> bool:
    return sent.role == _ANSWER


def _is_of_type(value: Any, name: str) -> bool:
    return isinstance(value, dict) and value.get("type") == name


def _limitations(
    known: KnownValues, sent: Iterable[SentBlock], ids: Iterable[Digest]
) -> tuple[str, ...]:
    lost = (
        _is_redacted(each.value) and known.told(name) is None
        for each, name in zip(sent, ids, strict=True)
    )
    return (THINKING_REDACTED,) if any(lost) else ()


def _completeness(limitations: tuple[str, ...]) -> dict[str, Completeness]:
    messages: Completeness = "approximated" if limitations else "full"
    return {
        "system": "full",
        "tool_registry": "full",
        "runtime_state": "full",
        "messages": messages,
    }


def _is_redacted(value: Any) -> bool:
    return isinstance(value, dict) and value.get("thinking") == REDACTED


def _without_newline(value: Any) -> Any:
    if isinstance(value, str):
        return value.removesuffix("\n")
    text = value.get("text") if isinstance(value, dict) else None
    return {**value, "text": text.removesuffix("\n")} if isinstance(text, str) else value
