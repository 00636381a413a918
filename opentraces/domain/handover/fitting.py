"""Choose what fits: the newest of each section first, the sections in turn."""

from collections.abc import Sequence

from opentraces.domain.slotted import frozen_dataclass


@frozen_dataclass
class Sized:
    """A section, by what it takes to show it."""

    heading: int
    """Bytes of what stands above its items, where there are any."""

    items: tuple[int, ...]
    """Bytes of each item, the first to be shown first."""


def fitted(sections: Sequence[Sized], room: int) -> list[int]:
    """Return how many items of each section fit into so many bytes.

    In each round every section may add one. The first item of a section that does not fit is the
    end of it: nothing is shown around a gap.
    """
    taken = [0] * len(sections)
    going = [bool(section.items) for section in sections]
    while any(going):
        for at, section in enumerate(sections):
            if not going[at]:
                continue
            cost = section.items[taken[at]] + (0 if taken[at] else section.heading)
            going[at] = cost <= room
            if going[at]:
                room -= cost
                taken[at] += 1
                going[at] = taken[at] < len(section.items)
    return taken


def head_of(text: str, most: int) -> tuple[str, bool]:
    """Return the head of a text, at most so many bytes, and whether there is more of it."""
    data = text.encode("utf-8", "replace")
    if len(data) <= most:
        return text, False
    return data[:most].decode("utf-8", "ignore"), True
