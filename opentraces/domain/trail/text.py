"""Texts as lines, and how Git compares two of them."""

from collections.abc import Callable, Sequence

Edit = tuple[int, int, int, int]
"""`old[a:b]` became `new[c:d]`, as (a, b, c, d): places of lines from 0, `b` and `d` excluded."""

Edits = Callable[[bytes, bytes], Sequence[Edit]]
"""Says what changed between two texts, ascending, as `TextDiff.edits` does."""

ENOUGH = 8
"""Letters and digits that a line needs before it can be told from others by itself."""


def lines_of(text: bytes) -> list[bytes]:
    r"""Return the lines of a text, each without its `\n`; a last one without it counts, too."""
    lines = text.split(b"\n")
    if not lines[-1]:
        lines.pop()
    return lines


def ended(text: bytes) -> bytes:
    r"""Return a text whose last line ends as the others do."""
    return text if not text or text.endswith(b"\n") else text + b"\n"


def is_telling(line: bytes) -> bool:
    """Whether a line says enough to be told from others by itself."""
    return sum(character.isalnum() for character in line.decode("utf-8", "replace")) >= ENOUGH


def squeezed(line: bytes) -> bytes:
    """Return a line without its white space: what a formatter leaves as it is."""
    return b"".join(line.split())


def plain(line: bytes) -> bytes:
    r"""Return a line as Git keeps it where lines end in `\r\n`."""
    return line.removesuffix(b"\r")


def squeezed_text(text: bytes) -> bytes:
    """Return a text with each of its lines squeezed; it has as many lines as before."""
    return b"".join(squeezed(line) + b"\n" for line in lines_of(text))


def with_plain_ends(text: bytes) -> bytes:
    r"""Return a text as Git keeps it where lines end in `\r\n`."""
    return text.replace(b"\r\n", b"\n")
