"""What a query costs: as a whole process, inside a warm one, and in memory."""

from collections import Counter
from collections.abc import Iterator, Mapping
from statistics import median

from benchmarks import warm
from benchmarks.floors import bare_interpreter
from benchmarks.importing import Imported
from benchmarks.processes import peak_mb
from benchmarks.program import Program, command
from benchmarks.table import Row, at_most, show

_QUERY_BOUND, _HELP_BOUND = 10, 6
_MEMORY_MB = 60
_WARM = warm.Bounds(half=2, most=5)
_FLOOR = "floor"


def rows_of(imported: Imported, rounds: int) -> Iterator[Row]:
    """Yield each kind of query, and `--help`."""
    queries, size = queries_of(imported), f"{imported.corpus.megabytes:.0f} MB"
    commands = {
        "--help": ("--help",),
        **{name: ("trace", "query", text) for name, text in queries.items()},
    }
    times: dict[str, list[float]] = {name: [] for name in (_FLOOR, *commands)}
    for at in range(rounds + 1):
        for name, spent in _once(imported.program, commands):
            if at > 0:  # the first one only warms the caches
                times[name].append(spent)
    floor = median(times[_FLOOR])
    for name in commands:
        bound = _HELP_BOUND if name == "--help" else _QUERY_BOUND
        yield at_most(f"{name}, {size}", "ms", median(times[name]), floor, bound)
    yield _memory_row(imported.program, queries, size)
    yield from warm.rows(imported.program, busiest_project(imported), size, _WARM)


def queries_of(imported: Imported) -> dict[str, str]:
    """Return what is asked of a corpus: each kind of query with its text."""
    return {
        "query frequent word": "error",
        "query rare word": "quibblefrost",
        "query phrase": '"orchid lattice handshake"',
        "query filtered": f"error tool:Bash project:{busiest_project(imported)}",
    }


def busiest_project(imported: Imported) -> str:
    """Return the name of the folder in which most sessions worked."""
    folders = Counter(session.cwd for session in imported.corpus.manifest.sessions)
    return folders.most_common(1)[0][0].rpartition("/")[2]


def _memory_row(program: Program, queries: Mapping[str, str], size: str) -> Row:
    peak = max(
        peak_mb((*command(), "trace", "query", text), program.environment)
        for text in queries.values()
    )
    holds = peak <= _MEMORY_MB
    return Row(f"query, memory, {size}", show(peak, "MB"), bound=f"≤ {_MEMORY_MB} MB", ok=holds)


def _once(program: Program, commands: dict[str, tuple[str, ...]]) -> Iterator[tuple[str, float]]:
    yield _FLOOR, bare_interpreter(program.environment).wall_ms
    for name, arguments in commands.items():
        yield name, program.run(*arguments).wall_ms
