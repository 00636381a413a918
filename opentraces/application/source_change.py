"""What is to be done with one source of a session."""

from enum import StrEnum

from opentraces.domain.envelope import KeptSource
from opentraces.domain.session import SourceFile
from opentraces.domain.slotted import frozen_dataclass


class Fate(StrEnum):
    """What is to be done with a source."""

    KEPT = "kept"
    """It is as it was, or gone: nothing."""

    ADDED = "added"
    """It is new: all of it is copied."""

    GREW = "grew"
    """What was appended is copied."""

    SUPERSEDED = "superseded"
    """Another source took its place; its bytes stay."""

    STORED = "stored"
    """A whole file that was kept as a blob just now."""


@frozen_dataclass
class SourceChange:
    """One source, and what is to be done with it."""

    number: int
    """Its number in the trace."""

    kept: KeptSource
    """As it is kept, or, when it is new, as it will be before a byte of it was read."""

    fate: Fate
    """What is to be done."""

    file: SourceFile | None = None
    """Where its bytes are. None: nothing is copied."""

    start: int = 0
    """Bytes of the file that are kept already."""

    end: int | None = None
    """Bytes of the file up to which it is copied. None: all there are."""

    needs_reread: bool = False
    """Whether steps that were kept before may read differently now."""

    @property
    def is_change(self) -> bool:
        """Whether the trace is different for it."""
        return self.fate is not Fate.KEPT

    @property
    def is_read(self) -> bool:
        """Whether its lines become steps."""
        return self.kept.kind.has_steps and not self.kept.superseded

    @property
    def is_copied(self) -> bool:
        """Whether bytes are to be added to it."""
        return self.fate in (Fate.ADDED, Fate.GREW)

    def left(self, size: int) -> int | None:
        """Return how many bytes are still to be copied, once `size` are kept. None: all."""
        if self.end is None:
            return None
        return self.end - self.start - (size - self.kept.size)

    @property
    def rewrites(self) -> bool:
        """Whether the agent changed what it had written."""
        return self.fate is Fate.SUPERSEDED
