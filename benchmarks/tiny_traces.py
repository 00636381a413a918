"""What a query takes among a hundred thousand sessions of one turn."""

from collections.abc import Iterator
from pathlib import Path

from benchmarks import warm
from benchmarks.corpus.tiny import PROJECTS, make_tiny_sessions
from benchmarks.program import Program
from benchmarks.table import Row

_NUMBER = 100_000
_BOUNDS = warm.Bounds(half=10, most=None)


def rows(cache: Path) -> Iterator[Row]:
    """Yield each kind of query in a warm process; corpus and home are made once."""
    corpus = cache / "corpora" / f"tiny-{_NUMBER}"
    made = corpus / "made"
    if not made.exists():
        make_tiny_sessions(corpus, _NUMBER)
        made.touch()
    program = Program(cache / "homes" / f"tiny-{_NUMBER}", corpus)
    program.run("import", "--all")  # goes on with one that was interrupted
    project = PROJECTS[0].rpartition("/")[2]
    yield from warm.rows(program, project, f"{_NUMBER:,} small sessions", _BOUNDS)
