"""What became of one session that was to be kept."""

from collections.abc import Mapping
from dataclasses import field
from typing import Literal, Protocol

from opentraces.application.numbering import Numbering
from opentraces.domain.envelope import Envelope
from opentraces.domain.growth import is_step_up
from opentraces.domain.ids import TraceId
from opentraces.domain.ledger import Claim
from opentraces.domain.line_counts import LineCounts
from opentraces.domain.progress import Progress
from opentraces.domain.searchable import StepDocument
from opentraces.domain.session import SourceKind
from opentraces.domain.slotted import frozen_dataclass, mutable_dataclass
from opentraces.domain.trail.noteworthy import Noteworthy


class Written(Protocol):
    """Through what a trace was written."""

    @property
    def committed(self) -> Envelope:
        """As it is now; only after the batch was closed."""


@frozen_dataclass
class Committed:
    """A trace that was written."""

    committed: Envelope
    """As it is."""


@mutable_dataclass
class Captured:
    """What became of a session; it counts once the batch around it is closed."""

    trace: TraceId
    """Its trace."""

    edit: Written
    """Through which it was written."""

    before: Envelope | None
    """As it was. None: it is new."""

    reading: Numbering | None = None
    """How its sources were read. None: they are unchanged, and were not."""

    lines: LineCounts = field(default_factory=LineCounts)
    """How the lines that were read were understood."""

    claims: list[Claim] = field(default_factory=list)
    """Steps that were read."""

    documents: list[tuple[StepDocument, bool]] | None = None
    """What can be found of them, and whether it replaces an earlier document. None: they are too
    many to hold, and are read from the store."""

    reread: bool = False
    """Whether all its steps were read again: what was claimed and indexed before is void."""

    is_trace: bool = True
    """Whether anybody said anything in it; False: only its bytes are kept."""

    events: Mapping[SourceKind, int] = field(default_factory=dict)
    """Bytes of what waits of the session in spools that are kept now, by kind."""

    stamps: Mapping[str, str] = field(default_factory=dict)
    """Stamps that its own files had before they were read, by location."""

    said: Noteworthy | None = None
    """What its trail says. None: only a part of it was written now."""

    looked: frozenset[str] = frozenset()
    """As `Progress.looked`."""

    @property
    def envelope(self) -> Envelope:
        """As it is now; only after the batch was closed."""
        return self.edit.committed

    @property
    def changed(self) -> bool:
        """Whether anything was written; only after the batch was closed."""
        return self.before is None or self.envelope.commit != self.before.commit

    def grown_by(self, amount: Literal["plain_bytes", "stored_bytes"]) -> int:
        """Return how many bytes it has more than before; only after the batch was closed."""
        before: int = getattr(self.before, amount) if self.before else 0
        now: int = getattr(self.envelope, amount)
        return now - before

    @property
    def is_step_up(self) -> bool:
        """Whether its steps have grown by a share; only after the batch was closed."""
        before = self.before.steps_length if self.before and not self.reread else 0
        return is_step_up(before, self.envelope.steps_length)

    def let_go(self) -> None:
        """Let go of all that it was read and written by; only after the batch was closed."""
        self.edit = Committed(self.envelope)
        self.reading = None

    def progress(self, release: str) -> Progress | None:
        """Say how far it was read; only after the batch was closed. None: it was not read."""
        if self.reading is None:
            return None
        progress = self.reading.progress(self.envelope, release)
        progress.stamps, progress.looked = dict(self.stamps), self.looked
        return progress
