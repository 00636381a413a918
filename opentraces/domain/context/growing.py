"""A Context Tree as the lines of one source come: blocks are added, and a call makes a node."""

from collections.abc import Iterable, Mapping
from dataclasses import field
from typing import Any, NamedTuple

from opentraces.domain.context.blocks import Block, block_of
from opentraces.domain.context.events import (
    BranchType,
    CaptureMethod,
    Completeness,
    ContextEvent,
    LayerKind,
    LayerObserved,
    NodeObserved,
    Purpose,
)
from opentraces.domain.context.node_ids import layer_id, node_id, normal_layer
from opentraces.domain.context.templates import Template
from opentraces.domain.ids import Digest, NodeId, sized_digest
from opentraces.domain.slotted import mutable_dataclass

_LAYERS: tuple[LayerKind, ...] = ("system", "tool_registry", "runtime_state")
_Shown = tuple[list[Digest | None], dict[str, Completeness]]


class Point(NamedTuple):
    """Where a conversation stands: what can be gone back to."""

    node: NodeId | None = None
    """The last node. None: there is none yet."""

    blocks: int = 0
    """How many blocks it has, its parents' included."""


class Call(NamedTuple):
    """A call of the model, as the agent tells of it."""

    id: str | None
    """As `NodeObserved.call`."""

    messages: Completeness = "approximated"
    """How much is known of the messages."""

    limitations: tuple[str, ...] = ()
    """As `NodeObserved.limitations`."""

    purpose: Purpose = "step"
    """What it was for."""

    capture_method: CaptureMethod = "transcript_reconstruction"
    """How it came to be known."""

    requests: tuple[str, ...] = ()
    """As `NodeObserved.requests`."""


@mutable_dataclass
class GrowingContext:
    """The context of one source, from its first line on.

    Blocks wait until the model is called; then they are what that node adds to the one before. An
    adapter may change `waiting` until then: a block that is glued to another is no block yet.
    """

    point: Point = field(default_factory=Point)
    """Where the conversation stands."""

    waiting: list[Block] = field(default_factory=list)
    """Blocks that came since."""

    made: list[ContextEvent] = field(default_factory=list)
    """Events that nobody took yet."""

    _kept: int | None = None
    _branch: BranchType | None = None
    _layers: dict[str, tuple[Digest, Completeness]] = field(default_factory=dict)
    _shown: _Shown | None = None

    @property
    def blocks(self) -> int:
        """How many blocks the model would see now: those before, and those that wait."""
        return self._before + len(self.waiting)

    def _show(self) -> _Shown:
        """Return ids and completeness of the layers as they are now; held until one changes."""
        how: dict[str, Completeness] = {
            kind: self._layers[kind][1] for kind in _LAYERS if kind in self._layers
        }
        shown = ([self.known(kind) for kind in _LAYERS], how)
        self._shown = shown
        return shown

    @property
    def _before(self) -> int:
        before = self.point.blocks
        return before if self._kept is None else min(self._kept, before)

    def add(self, role: str, value: Any, content: Template) -> Block:
        """Let a block wait for the next call; `content` is where `value` is kept."""
        block = block_of(role, value, content)
        self.waiting.append(block)
        return block

    def layer(
        self, kind: LayerKind, value: Any, content: Template, completeness: Completeness
    ) -> Digest:
        """Let a layer be this from the next call on."""
        name = layer_id(kind, value)
        if self._layers.get(kind, (None, None))[0] != name:
            _, size = sized_digest(b"", normal_layer(value))
            self.made.append(LayerObserved(layer_id=name, kind=kind, content=content, size=size))
        self.layer_again(kind, name, completeness)
        return name

    def layer_again(self, kind: LayerKind, name: Digest, completeness: Completeness) -> None:
        """Let a layer be one that was observed before, from the next call on."""
        self._layers[kind], self._shown = (name, completeness), None

    def known(self, kind: LayerKind) -> Digest | None:
        """Return the layer as it is now. None: nothing is known of it."""
        return self._layers.get(kind, (None, None))[0]

    def forget(self, kind: LayerKind) -> None:
        """Let nothing be known of a layer from the next call on."""
        self._layers.pop(kind, None)
        self._shown = None

    def go_to(self, point: Point, branch: BranchType, kept: int | None = None) -> None:
        """Let the next call go on from `point`; what waited is gone.

        `kept`: how many of its blocks stay in front. None: all.
        """
        self.point, self._kept, self._branch = point, kept, branch
        self.waiting = []

    def call(self, call: Call) -> Point:
        """Make the node of a call out of what waits; returns where the conversation stands then."""
        parent, kept, added = self.point.node, self._kept, tuple(self.waiting)
        names, completeness = self._shown or self._show()
        name = node_id(parent, kept, added, names)
        before = self._before
        self.made.append(
            NodeObserved(
                node_id=name,
                parent=parent,
                kept=kept,
                added=added,
                system=names[0],
                tool_registry=names[1],
                runtime_state=names[2],
                branch_type=self._branch or ("linear" if parent else "root"),
                completeness={**completeness, "messages": call.messages},
                capture_method=call.capture_method,
                limitations=call.limitations,
                purpose=call.purpose,
                call=call.id,
                requests=call.requests,
            )
        )
        self.point = Point(name, before + len(added))
        self.waiting, self._kept, self._branch = [], None, None
        return self.point

    def take(self) -> list[ContextEvent]:
        """Return what was made since this was last called."""
        made, self.made = self.made, []
        return made

    def saved(self) -> dict[str, Any]:
        """Return what `restored` needs, as JSON values; only after `take`."""
        return {
            "point": [self.point.node, self.point.blocks],
            "waiting": [block.said() for block in self.waiting],
            "kept": self._kept,
            "branch": self._branch,
            "layers": {kind: list(known) for kind, known in self._layers.items()},
        }

    @classmethod
    def restored(cls, saved: Mapping[str, Any]) -> "GrowingContext":
        """Become the context that `saved` was called on."""
        node, blocks = saved["point"]
        layers: Iterable[tuple[str, Any]] = saved["layers"].items()
        return cls(
            point=Point(node, blocks),
            waiting=[Block(**each) for each in saved["waiting"]],
            _kept=saved["kept"],
            _branch=saved["branch"],
            _layers={kind: (known[0], known[1]) for kind, known in layers},
        )
