"""What a repair finds, does, and cannot do."""

from collections.abc import Mapping
from dataclasses import field

from opentraces.domain.envelope import Envelope
from opentraces.domain.ids import TraceId
from opentraces.domain.slotted import frozen_dataclass


@frozen_dataclass
class Damage:
    """What of one trace is not as it was written: files, relative to the bucket."""

    envelope: str | None = None
    """Its envelope, without which of nothing else a digest is known. None: it is whole."""

    steps: str | None = None
    """Its steps. None: they are whole."""

    trail: str | None = None
    """Its trail. None: it is whole."""

    context: str | None = None
    """Its Context Tree. None: it is whole."""

    listing: str | None = None
    """The list of its sources. None: it is whole."""

    sources: Mapping[int, str] = field(default_factory=dict)
    """Files of sources of which kept bytes are damaged, by the source's number."""

    blobs: Mapping[int, str] = field(default_factory=dict)
    """Blobs that are damaged, or stored as nobody says, by the source's number."""

    strangers: tuple[str, ...] = ()
    """What is in its folder and belongs to nothing."""

    tombstone: str | None = None
    """What says that it was deleted; then of nothing else is asked. None: it is whole, or not."""

    is_later: bool = False
    """Whether some of it is of a later release, which alone can mend it."""


@frozen_dataclass
class Gap:
    """Bytes of a source that are lost."""

    offset: int
    """Where they begin: plain bytes from the source's start."""

    length: int
    """How many they are."""


@frozen_dataclass
class Filled:
    """What became of a damaged source or blob."""

    gaps: tuple[Gap, ...] = ()
    """What is not to be had anywhere; then nothing was changed. Empty: all of it is whole again."""

    taken: tuple[Gap, ...] = ()
    """What was taken from the agent's own file."""

    is_anew: bool = False
    """Whether it is stored in other bytes than before, since packing gives others today."""


@frozen_dataclass
class Remains:
    """What can be made out of a trace without its envelope."""

    envelope: Envelope
    """Its envelope, without what only a parser knows: facts, title, times, count of steps."""

    is_vouched: bool | None
    """Whether what is left of the damaged envelope names the digest of each run of bytes. None:
    nothing is left of it, and no digest is known."""


@frozen_dataclass
class Mend:
    """One thing that was mended, or could not be."""

    trace: TraceId | None
    """Which trace it is of. None: of the bucket as a whole."""

    path: str
    """Which file, relative to the bucket."""

    text: str
    """What was done, or why nothing could be, in words."""


@frozen_dataclass
class Repaired:
    """What a repair did, or would do."""

    dry_run: bool
    """Whether nothing was changed."""

    mended: tuple[Mend, ...]
    """What is whole again, or would be."""

    left: tuple[Mend, ...]
    """What is damaged still, or would be."""

    later: tuple[Mend, ...] = ()
    """What a later release wrote, which alone can check and mend it."""

    aside: tuple[str, ...] = ()
    """Where evidence was put, relative to the bucket."""

    traces: int = 0
    """Traces that were looked at."""

    files: int = 0
    """Files that were read."""

    bytes: int = 0
    """Stored bytes that were read."""

    anew: int | None = None
    """Traces that come out different with today's parser. None: that was not asked for."""

    behind: str | None = None
    """Why index and ledger do not follow yet, in words. None: they do."""

    @property
    def ok(self) -> bool:
        """Whether nothing that is damaged remains."""
        return not self.left and not (self.dry_run and self.mended)
