"""The lines of a Context Tree: what the model saw at each call. Only ever added to.

A later node about the same call of the same source replaces the earlier one. A layer, a part or a
body that is written twice is the same both times.
"""

from dataclasses import field
from typing import Any, Literal

from opentraces.domain.context.blocks import Block
from opentraces.domain.context.templates import Template
from opentraces.domain.frozen import Count, Frozen
from opentraces.domain.ids import BlobId, Digest, NodeId

LayerKind = Literal["system", "tool_registry", "runtime_state"]
"""The system prompt; the tools as the model was told of them; model, folder and settings. The
fourth layer, messages, is what the nodes themselves are made of."""

Completeness = Literal["full", "approximated", "stub"]
"""All of it, as sent; what is known of it, which may differ; nothing but that there was one."""

BranchType = Literal["root", "linear", "compaction_fork", "subagent_fork", "rewind_branch"]
"""How a node goes on from its parent: it has none; by what was said since; with a summary in the
place of what was said; as the beginning of a helper; from a point that was gone back to."""

CaptureMethod = Literal["live_capture", "transcript_reconstruction", "otel"]
"""The request itself was kept; it was put together from the session's lines; telemetry told that
there was one."""

Purpose = Literal["step", "title", "compaction", "retry", "other"]
"""What a call was for: a step of the session; or something that is no step of it."""


class LayerObserved(Frozen):
    """A layer, as it is from now on until another takes its place."""

    event: Literal["layer"] = "layer"
    """What kind of event it is."""

    layer_id: Digest
    """Of its kind and normal form."""

    kind: LayerKind
    """Which layer."""

    content: Template
    """Stands for it: the `system` of a request (a text, or a list of blocks), its `tools` (a list
    as the provider was sent it), or an object."""

    size: Count
    """Bytes of its normal form as JSON."""


class NodeObserved(Frozen):
    """What the model saw at one call."""

    event: Literal["node"] = "node"
    """What kind of event it is."""

    node_id: NodeId
    """See `node_id`: over all below but what says how it came to be known."""

    parent: NodeId | None = None
    """The node that it goes on from. None: none that this session holds."""

    kept: Count | None = None
    """How many of the parent's blocks stay in front. None: all of them."""

    added: tuple[Block, ...] = ()
    """The blocks after those."""

    system: Digest | None = None
    """The layer. None: nothing is known of it."""

    tool_registry: Digest | None = None
    """The layer. None: nothing is known of it."""

    runtime_state: Digest | None = None
    """The layer. None: nothing is known of it."""

    branch_type: BranchType = "linear"
    """How it goes on from its parent."""

    completeness: dict[str, Completeness] = field(default_factory=dict)
    """Of each layer by name, `messages` included; what is missing is a `stub`."""

    capture_method: CaptureMethod = "transcript_reconstruction"
    """How it came to be known."""

    limitations: tuple[str, ...] = ()
    """What is known not to be as it was, as words."""

    purpose: Purpose = "step"
    """What the call was for."""

    source: Count = 0
    """Number of the source whose call it is; for a call that only a body tells of, that of the
    main transcript."""

    call: str | None = None
    """The native id of the answer, by which a step is told: see `KeptStep.native`. None: no
    answer to it is known."""

    requests: tuple[str, ...] = ()
    """Names of the bodies that are this call's, the one it was made from first."""

    results: Count = 0
    """How many results of tools were sent since the last answer; told of kept bodies only."""


class PartObserved(Frozen):
    """A value that several bodies hold."""

    event: Literal["part"] = "part"
    """What kind of event it is."""

    part_id: Digest
    """Of its JSON."""

    content: Template
    """Stands for it."""


class BodyKept(Frozen):
    """What a provider was sent, or sent back, byte for byte."""

    event: Literal["body"] = "body"
    """What kind of event it is."""

    name: str
    """The file's name."""

    kind: Literal["request", "response"]
    """Which of the two."""

    sha256: BlobId
    """Of its bytes."""

    size: Count
    """Bytes."""

    content: Template
    """Stands for the JSON value whose bytes, without spaces and in its order, are the body."""

    is_text: bool = False
    """Whether `content` stands for the text of the body itself, which is no such JSON."""

    encoding: Literal["utf-8", "latin-1"] = "utf-8"
    """How the text of the body itself became its bytes."""

    messages: Count = 0
    """How many messages it has."""

    sequence: Digest | None = None
    """Of all of them, before they are marked: see `sequences`. None: it has none."""


ContextEvent = LayerObserved | NodeObserved | PartObserved | BodyKept
"""Any of them."""


def said(event: ContextEvent) -> dict[str, Any]:
    """Return an event as a JSON object, without what equals its default."""
    said = event.told()
    if "added" in said:
        said["added"] = [block.said() for block in said["added"]]
    return {**said, "event": event.event}
