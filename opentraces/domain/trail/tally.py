"""How many patches became of what."""

from collections.abc import Iterable

from opentraces.domain.slotted import frozen_dataclass
from opentraces.domain.trail.fate import Fate


@frozen_dataclass
class Tally:
    """Numbers of patches; the four fates add up to all of them."""

    anchored: int = 0
    """A commit holds them, and not all of it was seen to be gone."""

    pending: int = 0
    """No commit holds them that was searched."""

    reverted: int = 0
    """Commits held them, and a revert took all of it."""

    lost: int = 0
    """Commits held them, and all of it is gone otherwise."""

    @property
    def patches(self) -> int:
        """All of them."""
        return self.anchored + self.pending + self.reverted + self.lost

    def __add__(self, other: "Tally") -> "Tally":
        return Tally(
            self.anchored + other.anchored,
            self.pending + other.pending,
            self.reverted + other.reverted,
            self.lost + other.lost,
        )


def tally_of(fates: Iterable[Fate]) -> Tally:
    """Count fates."""
    told = list(fates)
    return Tally(
        anchored=told.count("anchored"),
        pending=told.count("pending"),
        reverted=told.count("reverted"),
        lost=told.count("lost"),
    )
