"""What views of trails have in common."""

from collections.abc import Mapping

from opentraces.domain.amounts import count
from opentraces.domain.evidence import EvidenceTier
from opentraces.domain.trail.tally import Tally
from opentraces.entrypoints.cli.plain import one_line

_SHORT = 8


def short(commit: str) -> str:
    """Return the beginning of a commit's id that can be typed back."""
    return commit[:_SHORT]


def patches(number: int) -> str:
    """Return `3 patches`, or `1 patch`."""
    return f"{number:,} patch" if number == 1 else f"{number:,} patches"


def tally_words(tally: Tally) -> str:
    """Return `9 anchored · 2 pending · 1 reverted`; what there is none of is left out."""
    counts = (
        (tally.anchored, "anchored"),
        (tally.pending, "pending"),
        (tally.reverted, "reverted"),
        (tally.lost, "lost"),
    )
    return " · ".join(f"{number:,} {word}" for number, word in counts if number)


def tier_words(tiers: Mapping[EvidenceTier, int]) -> str:
    """Return what ties lines; and how many each, where there are several."""
    if len(tiers) == 1:
        return next(iter(tiers))
    return ", ".join(f"{tier} {number:,}" for tier, number in tiers.items())


def lines(number: int) -> str:
    """Return `3 lines`, or `1 line`."""
    return count(number, "line")


def cut(text: str, room: int | None) -> str:
    """Return text on one line, as much as there is room for. None: all of it."""
    plain = one_line(text)
    return plain if room is None or len(plain) <= room else f"{plain[: max(room, 1) - 1]}…"
