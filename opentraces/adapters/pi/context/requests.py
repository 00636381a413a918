"""What the model saw at each call, out of what Pi's extension wrote down of its requests.

A request says the messages that the one before, of the same process, did not begin with, and the
system prompt, the tools and all else when they are new; of the rest it says digests. Its own digest
is that of all of them, so that a line that is lost is noticed. An answer was asked for at a time
that it tells itself when its turn ends; the first request from then on is its own. The layer of the
runtime's state is what a request says beside messages, system prompt and tools.
"""

from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import field
from typing import Any

from opentraces.adapters._reading.hook_lines import HookLine, HookLines
from opentraces.adapters._reading.nesting import fault_of
from opentraces.adapters._reading.values import count, mapping, text
from opentraces.adapters.pi.answer_names import answer_id
from opentraces.adapters.pi.context.forms import block
from opentraces.adapters.pi.context.places import Placed
from opentraces.adapters.pi.context.sent import blocks_of, prompt_of
from opentraces.adapters.pi.values import identity
from opentraces.domain.context.blocks import Block
from opentraces.domain.context.events import (
    BranchType,
    Completeness,
    ContextEvent,
    LayerKind,
    NodeObserved,
)
from opentraces.domain.context.growing import Call, GrowingContext
from opentraces.domain.ids import Digest, blob_id
from opentraces.domain.slotted import frozen_dataclass, mutable_dataclass

LINES_MISSING, TOO_LARGE = "lines_missing", "too_large"
"""Limitations of a call: not all that its request is told by is there; a part of it was too large
to be written down."""

_LAYERS: tuple[tuple[LayerKind, str], ...] = (
    ("system", "system"),
    ("tool_registry", "tools"),
    ("runtime_state", "rest"),
)
_BRANCHES: dict[str, BranchType] = {
    "session_tree": "rewind_branch",
    "session_compact": "compaction_fork",
}
_FAILED = frozenset(("error", "aborted"))
_MOST_OPEN, _MOST_PROCESSES = 64, 32
_NS_IN_MS = 1_000_000


@frozen_dataclass
class _Message:
    """One message of a request."""

    digest: str
    blocks: tuple[Block, ...] = ()
    prompt: Digest | None = None
    is_told: bool = False


@mutable_dataclass
class _Made:
    """An event, and when the request was that it tells of; 0: it is settled."""

    event: ContextEvent
    asked: int = 0


@mutable_dataclass
class _Reading:
    """One session's requests being read."""

    growing: GrowingContext = field(default_factory=GrowingContext)
    sent: dict[int, list[_Message]] = field(default_factory=dict)
    layers: dict[tuple[LayerKind, str], Digest] = field(default_factory=dict)
    last: list[Block] = field(default_factory=list)
    branch: BranchType = "rewind_branch"
    made: deque[_Made] = field(default_factory=deque)
    seen: set[tuple[int, int, int]] = field(default_factory=set)

    def take(self, line: HookLine) -> None:
        """Read one event."""
        if line.name == "before_provider_request":
            if not self._is_second(line):
                self._request(line)
        elif line.name == "turn_end":
            self._answer(line.event)
        elif line.name in _BRANCHES:
            self.branch = _BRANCHES[line.name]

    def ready(self) -> Iterator[ContextEvent]:
        """Give what nothing is added to any more."""
        while self.made and (not self.made[0].asked or len(self.made) > _MOST_OPEN):
            yield self.made.popleft().event

    def rest(self) -> Iterator[ContextEvent]:
        """Give all that is left."""
        while self.made:
            yield self.made.popleft().event

    def _is_second(self, line: HookLine) -> bool:
        key = (_number(line.event, "pid"), _number(line.event, "sequence"), line.at)
        is_second = key in self.seen
        self.seen.add(key)
        return is_second

    def _request(self, line: HookLine) -> None:
        said = Placed(line.event, line.offset, line.length, "/event")
        messages = self._messages(said.inner("messages"), _number(line.event, "pid"))
        if not any(message.is_told for message in messages):
            return
        limits = self._limits(line.event, messages)
        for kind, key in _LAYERS:
            self._layer(kind, said.inner(key))
        if messages[0].prompt is not None:
            self.growing.layer_again("system", messages[0].prompt, "full")
        self._go_on([block for message in messages for block in message.blocks])
        how: Completeness = "approximated" if limits else "full"
        self.growing.call(Call(None, how, tuple(limits), capture_method="live_capture"))
        for event in self.growing.take():
            is_node = isinstance(event, NodeObserved)
            self.made.append(_Made(event, max(line.at // _NS_IN_MS, 1) if is_node else 0))

    def _messages(self, said: Placed, process: int) -> list[_Message]:
        """Return all messages of a request: those of the one before, and those it says itself."""
        before = self.sent.get(process, [])[: _number(said.value, "same")]
        then = enumerate(said.inner("then").each())
        new = [self._message(each, not before and not at) for at, each in then]
        self.sent.pop(process, None)
        if len(self.sent) >= _MOST_PROCESSES:
            del self.sent[next(iter(self.sent))]
        self.sent[process] = before + new
        return self.sent[process]

    def _message(self, said: Placed, is_first: bool) -> _Message:
        message, digest = said.inner("message"), str(mapping(said.value).get("sha256"))
        if type(message.value) is not dict:
            return _Message(digest)
        prompt = prompt_of(message) if is_first else None
        if prompt is not None and not fault_of(message.value):
            value, content = prompt
            layer = self.growing.layer("system", value, content, "full")
            return _Message(digest, (), layer, is_told=True)
        blocks = tuple(map(block, blocks_of(message)))
        known = tuple(each for each in blocks if each is not None)
        return _Message(digest, known, is_told=len(known) == len(blocks))

    def _limits(self, event: dict[str, Any], messages: list[_Message]) -> list[str]:
        digests = [str(mapping(event.get(key)).get("sha256")) for _, key in _LAYERS]
        digests += [message.digest for message in messages]
        is_whole = blob_id("\n".join(digests).encode()) == event.get("request")
        is_told = all(message.is_told for message in messages)
        limits = {LINES_MISSING: not is_whole, TOO_LARGE: is_whole and not is_told}
        return [word for word, holds in limits.items() if holds]

    def _layer(self, kind: LayerKind, said: Placed) -> None:
        """Let a part of a request be a layer; of one that was said before, it is the same one."""
        part = said.inner("value")
        known = (kind, str(mapping(said.value).get("sha256")))
        if part.value and not fault_of(part.value):
            is_text = type(part.value) is str
            value = [part.value] if is_text else part.value
            content = [part.content] if is_text else part.content
            self.layers[known] = self.growing.layer(kind, value, content, "full")
        elif known in self.layers:
            self.growing.layer_again(kind, self.layers[known], "full")
        else:
            self.growing.forget(kind)

    def _go_on(self, blocks: list[Block]) -> None:
        """Let a call go on from the one before, with as much of it as stays."""
        kept = 0
        while kept < min(len(blocks), len(self.last)) and self.last[kept].id == blocks[kept].id:
            kept += 1
        if kept < len(self.last):
            self.growing.go_to(self.growing.point, self.branch, kept)
        self.branch = "rewind_branch"
        self.growing.waiting = blocks[kept:]
        self.last = blocks

    def _answer(self, event: dict[str, Any]) -> None:
        """Let the request that an answer was asked for by be its own."""
        asked = count(event.get("asked"))
        found = next((made for made in self.made if made.asked and made.asked >= asked), None)
        if found is None or not asked or not isinstance(found.event, NodeObserved):
            return
        for made in self.made:
            made.asked = 0
            if made is found:
                break
        found.event = found.event.but(call=_answered(event))


def _answered(event: dict[str, Any]) -> str | None:
    """Return what an answer is told by; without a name of its own, where the session stands."""
    entry = text(event.get("entry"))
    if entry is None and text(event.get("stop_reason")) in _FAILED:
        entry = text(event.get("leaf"))
    return answer_id(text(event.get("response_id")), identity(entry))


def _number(event: Any, key: str) -> int:
    return count(mapping(event).get(key))


def contexts(pieces: Iterable[bytes]) -> Iterator[ContextEvent]:
    """Yield what the model saw at each call, in the order in which it was asked."""
    reading = _Reading()
    for line in HookLines(pieces):
        reading.take(line)
        yield from reading.ready()
    yield from reading.rest()
