"""How far a trace's sources were read: what an append needs to cost only its own bytes."""

from dataclasses import field

from opentraces.domain.slotted import mutable_dataclass


@mutable_dataclass
class SourceProgress:
    """How far one source was parsed."""

    consumed: int
    """Bytes from its start to the end of the last line that was parsed."""

    state: bytes
    """What the parser needs to go on from there. Opaque."""

    numbers: list[int]
    """Step number of each of its steps, by ordinal."""


@mutable_dataclass
class Progress:
    """How far a trace was read. Derived: without it everything is parsed again."""

    steps_generation: int
    """The generation of the trace's steps that it belongs to; of no use with any other."""

    steps_length: int
    """Bytes of the trace's steps that it belongs to; of no use with any other."""

    release: str
    """The release of ours that wrote it; of no use to any other."""

    steps: int = 0
    """Steps numbered so far."""

    moment: int = 0
    """Moment of the step numbered last."""

    source: int = 0
    """Source of the step numbered last."""

    sources: dict[int, SourceProgress] = field(default_factory=dict)
    """By number of source."""

    looked: frozenset[str] = frozenset()
    """Folders of commits whose manifests were looked for: `<commit>:<folder>`."""

    stamps: dict[str, str] = field(default_factory=dict)
    """Stamp of each file when it was last read, by its location: an equal one is unchanged."""
