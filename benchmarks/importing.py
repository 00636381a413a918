"""What an import costs: its rate, its memory, what it leaves on disk, and doing it again."""

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from benchmarks.aside import set_aside
from benchmarks.corpora import Corpus
from benchmarks.floors import parse_seconds
from benchmarks.processes import Finished
from benchmarks.program import Program
from benchmarks.table import Row, at_least, at_most, compared, show

_PARSE_SHARE = 1 / 20
_SAME_RATE = 0.2
_MEMORY_MB = 300
_BUCKET_SHARE, _INDEX_SHARE, _TREES_SHARE = 0.45, 0.25, 0.1
_AGAIN_SHARE, _AGAIN_MS = 0.1, 250
_BLOCK = 512


@dataclass(frozen=True)
class Imported:
    """The same corpus imported several times, each time into a fresh home."""

    corpus: Corpus
    program: Program
    """The last import, left to be queried."""

    first: tuple[Finished, ...]
    again: tuple[Finished, ...]
    """Imports of the same, unchanged sessions."""

    parse_s: float
    """The floor: parsing the same lines."""

    @property
    def megabytes_a_second(self) -> float:
        """The rate of the median import."""
        return self.corpus.megabytes / (self.first_ms / 1000)

    @property
    def first_ms(self) -> float:
        """The median import."""
        return median(one.wall_ms for one in self.first)

    @property
    def again_ms(self) -> float:
        """The median import of unchanged sessions."""
        return median(one.wall_ms for one in self.again)


def import_corpus(
    corpus: Corpus, homes: Path, rounds: int, beside: Callable[[], None] | None = None
) -> Imported:
    """Import `corpus` into a fresh home, `rounds` times, each beside its floor.

    `homes` is in a folder of the cache. Earlier homes are set aside.

    `beside` is called after each: what another program does with the same sessions.
    """
    first, floors = list[Finished](), list[float]()
    for _ in range(rounds):
        set_aside(homes, homes.parent.parent)
        program = Program(homes, corpus.root)
        floors.append(parse_seconds(corpus.root))
        first.append(program.run("import", "--all", "--json"))
        if beside is not None:
            beside()
    again = [program.run("import", "--all", "--json") for _ in range(rounds)]
    return Imported(corpus, program, tuple(first), tuple(again), median(floors))


def rows_of(imported: Imported) -> Iterator[Row]:
    """Yield the figures of one corpus."""
    size = f"{imported.corpus.megabytes:.0f} MB"
    floor = imported.corpus.megabytes / imported.parse_s
    rate = imported.megabytes_a_second
    yield at_least(f"import {size}, by parsing it", "MB/s", rate, floor, _PARSE_SHARE)
    peak = max(one.peak_mb for one in imported.first)
    holds = peak <= _MEMORY_MB
    yield Row(
        f"import {size}, memory",
        show(peak, "MB"),
        bound=f"≤ {_MEMORY_MB} MB",
        ok=holds,
    )
    allowed = max(_AGAIN_SHARE * imported.first_ms, _AGAIN_MS)
    yield Row(
        f"import {size} again, unchanged",
        show(imported.again_ms, "ms"),
        show(imported.first_ms, "ms"),
        imported.again_ms / imported.first_ms,
        f"≤ {allowed:.0f} ms",
        imported.again_ms <= allowed,
    )
    yield from _sizes(size, imported)


def rate_row(small: Imported, large: Imported) -> Row:
    """Compare the rates at two sizes: neither may be a fifth above or below the other."""
    ratio = large.megabytes_a_second / small.megabytes_a_second
    return Row(
        f"import {large.corpus.megabytes:.0f} MB, by {small.corpus.megabytes:.0f} MB",
        show(large.megabytes_a_second, "MB/s"),
        show(small.megabytes_a_second, "MB/s"),
        ratio,
        f"1 ± {_SAME_RATE:g}",
        abs(ratio - 1) <= _SAME_RATE,
    )


def _sizes(size: str, imported: Imported) -> Iterator[Row]:
    store, source = imported.program.store, imported.corpus.megabytes
    for name, bound in (("bucket", _BUCKET_SHARE), ("index", _INDEX_SHARE)):
        apparent, allocated = weight(store / name)
        yield at_most(f"{name} {size}, by transcripts", "MB", apparent, source, bound)
        yield compared(f"{name} {size}, blocks of the disk", "MB", allocated, source)
    trees = sum(file.stat().st_size for file in (store / "bucket").rglob("context*.jsonl.gz"))
    yield at_most(f"Context Trees {size}, by transcripts", "MB", trees / 1e6, source, _TREES_SHARE)


def weight(folder: Path) -> tuple[float, float]:
    """Return the bytes of a folder's files and those that the disk allots, in MB.

    Raises:
        FileNotFoundError: there is no such folder.
    """
    if not folder.is_dir():
        raise FileNotFoundError(folder)
    stats = [os.lstat(Path(place, name)) for place, _, names in os.walk(folder) for name in names]
    apparent = sum(one.st_size for one in stats)
    return apparent / 1e6, sum(one.st_blocks for one in stats) * _BLOCK / 1e6
