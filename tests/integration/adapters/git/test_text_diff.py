"""Texts compared without a repository, and by `git diff` itself."""

import os
import random
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

import opentraces
from opentraces.adapters.git.text_diff import LibraryTextDiff
from opentraces.domain.trail.text import Edit
from tests.contracts.text_diff import TextDiffContract, applied

SOURCES = sorted(Path(opentraces.__path__[0]).rglob("*.py"))
HUNK = re.compile(rb"@@ -(\d+)(?:,(\d+))? \+(\d+)(?:,(\d+))? @@")
SHAPES = (b"", b"    ", b"}", b"{", b"\treturn", b"def f():", b"# x", b"if a:", b"\r", b"x\0y")


class TestLibraryTextDiff(TextDiffContract):
    @pytest.fixture
    def diff(self) -> LibraryTextDiff:
        return LibraryTextDiff()


def edits_of(diff: bytes) -> dict[str, list[Edit]]:
    """Read what `git diff` says of files, by their names."""
    found: dict[str, list[Edit]] = {}
    for text in re.split(rb"^diff --git ", diff, flags=re.MULTILINE)[1:]:
        head, *lines = text.split(b"\n")
        name = os.fsdecode(head.rpartition(b"/")[2])
        found[name] = list(_edits(lines))
    return found


def _edits(lines: list[bytes]) -> Iterator[Edit]:
    a = b = c = d = 0
    for line in [*lines, b" "]:
        hunk = HUNK.match(line)
        if line[:1] in (b" ", b"@") and (a, c) != (b, d):
            yield (a, b, c, d)
        if hunk:
            a = int(hunk[1]) - (hunk[2] != b"0")
            c = int(hunk[3]) - (hunk[4] != b"0")
            b, d = a, c
        elif line[:1] == b"-" and not line.startswith(b"--- a/old"):
            b += 1
        elif line[:1] == b"+" and not line.startswith(b"+++ b/new"):
            d += 1
        elif line[:1] == b" ":
            a, b, c, d = b + 1, b + 1, d + 1, d + 1


def by_git(folder: Path, pairs: list[tuple[bytes, bytes]]) -> list[list[Edit]]:
    """Let Git compare all pairs at once."""
    for side in ("old", "new"):
        (folder / side).mkdir()
    for number, (old, new) in enumerate(pairs):
        (folder / "old" / str(number)).write_bytes(old)
        (folder / "new" / str(number)).write_bytes(new)
    command = ["git", "diff", "--no-index", "--text", "--no-ext-diff", "old", "new"]
    run = subprocess.run(command, cwd=folder, check=False, capture_output=True)
    found = edits_of(run.stdout)
    return [found.get(str(number), []) for number in range(len(pairs))]


def changed(lines: list[bytes], seed: random.Random) -> list[bytes]:
    """Return lines after some were moved, repeated, removed and written."""
    lines = [*lines]
    for _ in range(seed.randint(1, 12)):
        at, size = seed.randint(0, len(lines)), seed.choice((1, 1, 2, 5, 20))
        block = lines[at : at + size]
        kind = seed.randint(0, 3)
        if kind == 0:
            del lines[at : at + size]
        elif kind == 1:
            lines[at:at] = [seed.choice(SHAPES) for _ in range(size)]
        elif kind == 2:
            lines[at:at] = block
        else:
            lines[at : at + size] = []
            there = seed.randint(0, len(lines))
            lines[there:there] = block
    return lines


def texts(seed: random.Random) -> Iterator[tuple[bytes, bytes]]:
    """Yield pairs of texts: programs after edits, and texts of few different lines."""
    for path in seed.sample(SOURCES, min(150, len(SOURCES))):
        lines = path.read_bytes().split(b"\n")
        yield b"\n".join(lines), b"\n".join(changed(lines, seed))
    for _ in range(350):
        lines = [seed.choice(SHAPES) for _ in range(seed.randint(0, 60))]
        yield b"\n".join(lines), b"\n".join(changed(lines, seed))


@pytest.mark.parametrize("number", range(3))
def test_edits_are_those_of_git_diff(tmp_path: Path, number: int) -> None:
    pairs = list(texts(random.Random(number)))

    found = [[*LibraryTextDiff().edits(old, new)] for old, new in pairs]

    expected = by_git(tmp_path, pairs)
    wrong = [place for place, edits in enumerate(found) if edits != expected[place]]
    assert wrong == []
    assert sum(map(len, expected)) > 1000
    assert all(applied(*pair, edits) == pair[1] for pair, edits in zip(pairs, found, strict=True))


def test_edits_are_those_of_git_diff_in_large_texts(tmp_path: Path) -> None:
    seed = random.Random(7)
    lines = [b"%d" % seed.randint(0, 400) for _ in range(20_000)]
    many = [seed.choice(SHAPES) for _ in range(20_000)]
    pairs = [(b"\n".join(each), b"\n".join(changed(each, seed))) for each in (lines, many)]
    pairs.append((b"\n".join(lines), b"\n".join(b"%d" % seed.randint(0, 400) for _ in lines)))

    found = [[*LibraryTextDiff().edits(old, new)] for old, new in pairs]

    assert found == by_git(tmp_path, pairs)
