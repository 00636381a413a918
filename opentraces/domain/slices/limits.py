"""How much of each part of a step is shown, from all of it to next to nothing."""

from collections.abc import Sequence
from typing import NamedTuple


class Limits(NamedTuple):
    """Characters of each part. None: all of them; 0: the part is left out, and that is said."""

    outputs: int | None = None
    """Of what came back from a call; twice as much where it failed."""

    thinking: int | None = None
    """Of the model's thinking."""

    changes: int | None = None
    """Of the lines that an edit wrote and took away."""

    calls: int | None = None
    """Of what a call was made with."""

    words: int | None = None
    """Of what is said, by a person or the model."""

    injected: int | None = None
    """Of what the program said to the model: instructions, lists of tools, reminders."""


LEVELS = (
    Limits(),
    Limits(8000, injected=2000),
    Limits(2000, injected=600),
    Limits(600, 2000, injected=200),
    Limits(200, 400, 4000, 2000, injected=80),
    Limits(80, 0, 1000, 500, 2000, injected=80),
    Limits(0, 0, 300, 200, 600, injected=0),
    Limits(0, 0, 80, 80, 160, injected=0),
)
"""The first one with which a slice fits is taken: outputs and what the program said go first, then
thinking, then changes and calls, and last of all what a person and the model said."""


def cut(text: str, most: int | None) -> str:
    """Return a text, or of a longer one its head and its tail, and how much is left out.

    One that would not be shorter for it is returned whole.
    """
    if most is None or len(text) <= most:
        return text
    tail = most * 2 // 5
    head = most - tail
    left = f"[… {len(text) - most:,} characters left out …]"
    if len(text) <= most + len(left):
        return text
    if not most:
        return left
    end = text[len(text) - tail :] if tail else ""
    return f"{text[:head].rstrip()} {left} {end.lstrip()}".rstrip()


def shared(lengths: Sequence[int], most: int | None) -> list[int | None]:
    """Share characters among texts: a short one has all it needs, long ones the rest alike.

    None: all of them have what they need.
    """
    if most is None or sum(lengths) <= most:
        return [None] * len(lengths)
    shares: dict[int, int] = {}
    rest = most
    for done, at in enumerate(sorted(range(len(lengths)), key=lambda at: lengths[at])):
        shares[at] = min(lengths[at], rest // (len(lengths) - done))
        rest -= shares[at]
    return [shares[at] for at in range(len(lengths))]
