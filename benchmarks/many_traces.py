"""What a trace more costs a command that looks at all, among ten thousand and in a hundred."""

from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from statistics import median
from time import perf_counter

from benchmarks.corpora import Corpus, many_sessions
from benchmarks.importing import Imported
from benchmarks.program import Program
from benchmarks.table import Row, at_least, at_most, compared

_FEW, _MANY = 100, 10_000
_PER_TRACE = 1.0
_HASH_SHARE, _ENOUGH_MB_S = 0.5, 200.0
_PIECE = 256 * 1024

_COMMANDS = {
    "first page of trace query": ("trace", "query", "--json"),
    "bucket status": ("bucket", "status", "--json"),
    "bucket verify": ("bucket", "verify", "--json"),
}


def rows(cache: Path, rounds: int) -> Iterator[Row]:
    """Yield each command, a trace of many by a trace of few, and beyond what its start costs."""
    few, many = (_kept(number, cache) for number in (_FEW, _MANY))
    empty = _empty(cache)
    for name, command in _COMMANDS.items():
        start, of_few, of_many = _medians((empty, few, many), command, rounds)
        counts = (_traces(few), _traces(many))
        figure = f"{name}, {counts[1]:,} traces by {counts[0]:,}"
        yield compared(figure, "ms", of_many, of_few)
        yield at_most(
            f"{figure}, a trace", "ms", of_many / counts[1], of_few / counts[0], _PER_TRACE
        )
        yield compared(
            f"{figure}, a trace, without the start",
            "ms",
            max(of_many - start, 0) / counts[1],
            max(of_few - start, 0.1) / counts[0],
        )


def verify_rows(imported: Imported, cache: Path, rounds: int) -> Iterator[Row]:
    """Compare the rate of a plain verification with that of SHA-256 over the same bytes.

    Of the whole process, then without what the same costs where next to nothing is kept.
    """
    times, floors, starts = list[float](), list[float](), list[float]()
    empty = _empty(cache)
    for _ in range(rounds):
        floors.append(_hash_seconds(imported.program.store / "bucket"))
        times.append(imported.program.run("bucket", "verify").wall_ms / 1000)
        starts.append(empty.run("bucket", "verify").wall_ms / 1000)
    stored = imported.program.json("bucket", "verify")["checked"]["bytes"] / 1e6
    whole, start, floor = median(times), median(starts), stored / median(floors)
    figure = f"bucket verify, {stored:.0f} MB stored, by SHA-256 of them"
    bound = round(min(_HASH_SHARE, _ENOUGH_MB_S / floor), 3)
    yield compared(figure, "MB/s", stored / whole, floor)
    yield at_least(
        f"{figure}, without the start", "MB/s", stored / max(whole - start, 0.001), floor, bound
    )


def _kept(number: int, cache: Path) -> Program:
    """Return a home in which so many small sessions are kept; made once."""
    corpus: Corpus = many_sessions(number, cache)
    program = Program(cache / "homes" / f"{number}-traces", corpus.root)
    if not program.store.exists():
        program.run("import", "--all")
    return program


def _empty(cache: Path) -> Program:
    """Return a home in which next to nothing is kept."""
    return _kept(1, cache)


def _traces(program: Program) -> int:
    return int(program.json("bucket", "status")["traces"])


def _medians(
    programs: tuple[Program, ...], command: tuple[str, ...], rounds: int
) -> tuple[float, ...]:
    """Run a command in each home in turn; the first turn only warms the caches."""
    turns = [[each.run(*command).wall_ms for each in programs] for _ in range(rounds + 1)]
    return tuple(median(times) for times in zip(*turns[1:], strict=True))


def _hash_seconds(folder: Path) -> float:
    """Read every file of a folder in pieces, and hash it."""
    started = perf_counter()
    for path in folder.rglob("*"):
        if path.is_file():
            taken = sha256()
            with path.open("rb") as file:
                while piece := file.read(_PIECE):
                    taken.update(piece)
    return perf_counter() - started
