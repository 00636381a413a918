"""Lines as things of their own: two with the same text are still two, and each has an author."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from random import Random
from typing import Literal

Mode = Literal["unique", "identical"]


@dataclass(frozen=True, slots=True, eq=False)
class Line:
    """One line that somebody wrote once."""

    serial: int

    text: bytes

    author: str
    """The id of a patch, or `human`, `script`, `formatter`, `first`."""

    origins: tuple["Line", ...] = ()
    """What a formatter made it of."""

    @property
    def shadow(self) -> bytes:
        """The line as the shadow repository has it: no other is equal."""
        return b"%06d|%s" % (self.serial, self.text)


Lines = tuple[Line, ...]


def plain(lines: Sequence[Line]) -> bytes:
    return b"".join(line.text + b"\n" for line in lines)


def shadowed(lines: Sequence[Line]) -> bytes:
    return b"".join(line.shadow + b"\n" for line in lines)


def bare(text: bytes) -> bytes:
    """The text without any white space."""
    return b"".join(text.split())


BOILERPLATE = (
    b"import logging",
    b"from __future__ import annotations",
    b"    return result",
    b"    return None",
    b"    def __init__(self, name):",
    b"        self.name = name",
    b"    raise NotImplementedError",
    b"logger = logging.getLogger(__name__)",
    b"if __name__ == '__main__':",
    b"    try:",
    b"    else:",
    b"        pass",
    b"}",
    b"    }",
    b")",
    b"",
    b"",
    b"end",
    b"# Licensed under the Apache License, Version 2.0",
    b"    except ValueError as error:",
    b"        continue",
    b"  <div class='row'>",
    b"  </div>",
)
TEMPLATES = (
    (b"class Handler:", b"    def __init__(self, name):", b"        self.name = name", b""),
    (
        b"    try:",
        b"        value = load(name)",
        b"    except ValueError as error:",
        b"        pass",
    ),
    (b"# Copyright the authors", b"# Licensed under the Apache License, Version 2.0", b""),
    (b"function setUp() {", b"    reset(database)", b"}", b""),
)
WORDS = ("load", "parse", "store", "merge", "index", "token", "frame", "cache", "route", "count")


@dataclass
class Pool:
    """Where texts come from."""

    random: Random

    mode: Mode

    lines: list[Line] = field(default_factory=list)
    """All that were ever written; the serial is the place."""

    def write(self, text: bytes, author: str, origins: Lines = ()) -> Line:
        line = Line(len(self.lines), text, author, origins)
        self.lines.append(line)
        return line

    def text(self) -> bytes:
        """A text for a new line; in unique mode never one that was there."""
        if self.mode == "identical" and self.random.random() < 0.4:
            return self.random.choice(BOILERPLATE)
        if self.mode == "identical" and self.random.random() < 0.12:
            word = self.random.choice(WORDS)
            return f"        self.{word} = {word}".encode()
        return self.fresh()

    def fresh(self) -> bytes:
        """A text that nobody wrote."""
        one, two = self.random.choice(WORDS), self.random.choice(WORDS)
        indent = " " * (4 * self.random.randrange(3))
        number = self.random.randrange(16**7)
        return f"{indent}{one}_{number:07x} = {two}({self.random.randrange(100)})".encode()

    def texts(self, most: int) -> list[bytes]:
        """Texts for some lines that follow each other."""
        kind = self.random.random() if self.mode == "identical" else 1
        if kind < 0.08:
            return list(self.random.choice(TEMPLATES))
        if kind < 0.15 and self.lines:
            return self.again(self.lines, most)
        return [self.text() for _ in range(self.random.randint(1, most))]

    def again(self, lines: Sequence[Line], most: int) -> list[bytes]:
        """Texts of some of these lines that follow each other."""
        start = self.random.randrange(len(lines))
        return [line.text for line in lines[start : start + self.random.randint(1, most)]]


def keep_equal(old: Sequence[Line], new: Sequence[bytes]) -> list[Line | bytes]:
    """What an edit wrote in place of `old`: a line that it wrote again is still the old one."""
    table = common([line.text for line in old], new)
    kept: list[Line | bytes] = []
    at = 0
    while len(kept) < len(new):
        text = new[len(kept)]
        if at < len(old) and old[at].text == text:
            kept.append(old[at])
            at += 1
        elif at < len(old) and table[at + 1][len(kept)] >= table[at][len(kept) + 1]:
            at += 1
        else:
            kept.append(text)
    return kept


def common(one: Sequence[bytes], two: Sequence[bytes]) -> list[list[int]]:
    """How many lines in their order the ends of two texts share, from each pair of places on."""
    table = [[0] * (len(two) + 1) for _ in range(len(one) + 1)]
    for i in reversed(range(len(one))):
        for j in reversed(range(len(two))):
            equal = one[i] == two[j]
            table[i][j] = (
                table[i + 1][j + 1] + 1 if equal else max(table[i + 1][j], table[i][j + 1])
            )
    return table


def may_be_kept(place: int, one: Sequence[bytes], two: Sequence[bytes]) -> bool:
    """Whether some shortest way from one text to the other leaves this line of it alone."""
    ends = common(one, two)
    heads = common(one[::-1], two[::-1])
    most, here = ends[0][0], one[place]
    return any(
        heads[len(one) - place][len(two) - other] + 1 + ends[place + 1][other + 1] == most
        for other, text in enumerate(two)
        if text == here
    )
