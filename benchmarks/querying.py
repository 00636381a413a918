"""What a query costs, as a whole process, by an interpreter that does nothing."""

from collections import Counter
from collections.abc import Iterator
from statistics import median

from benchmarks.floors import bare_interpreter
from benchmarks.importing import Imported
from benchmarks.program import Program
from benchmarks.table import Row, at_most

_QUERY_BOUND, _HELP_BOUND = 10, 6
_FLOOR = "floor"


def rows_of(imported: Imported, rounds: int) -> Iterator[Row]:
    """Yield each kind of query, and `--help`."""
    commands = _commands(imported)
    times: dict[str, list[float]] = {name: [] for name in (_FLOOR, *commands)}
    for at in range(rounds + 1):
        for name, spent in _once(imported.program, commands):
            if at > 0:  # the first one only warms the caches
                times[name].append(spent)
    floor = median(times[_FLOOR])
    for name in commands:
        bound = _HELP_BOUND if name == "--help" else _QUERY_BOUND
        figure = f"{name}, {imported.corpus.megabytes:.0f} MB"
        yield at_most(figure, "ms", median(times[name]), floor, bound)


def _commands(imported: Imported) -> dict[str, tuple[str, ...]]:
    folders = Counter(session.cwd for session in imported.corpus.manifest.sessions)
    busiest = folders.most_common(1)[0][0].rpartition("/")[2]
    queries = {
        "query frequent word": "error",
        "query rare word": "quibblefrost",
        "query phrase": '"orchid lattice handshake"',
        "query filtered": f"error tool:Bash project:{busiest}",
    }
    return {
        "--help": ("--help",),
        **{name: ("trace", "query", text) for name, text in queries.items()},
    }


def _once(program: Program, commands: dict[str, tuple[str, ...]]) -> Iterator[tuple[str, float]]:
    yield _FLOOR, bare_interpreter(program.environment).wall_ms
    for name, arguments in commands.items():
        yield name, program.run(*arguments).wall_ms
