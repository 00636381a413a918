"""What a query takes among a hundred thousand sessions of one turn."""

from collections.abc import Iterator
from pathlib import Path

from benchmarks import warm
from benchmarks.corpus.tiny import PHRASE, PROJECTS, RARE, make_tiny_sessions
from benchmarks.program import Program
from benchmarks.table import Row

_NUMBER = 100_000
_WARM_MS = (10.0, None)
_QUERIES = {
    "query frequent word": "error",
    "query rare word": RARE,
    "query phrase": f'"{PHRASE}"',
    "query filtered": f"error tool:Bash project:{PROJECTS[0].rpartition('/')[2]}",
}


def rows(cache: Path) -> Iterator[Row]:
    """Yield each kind of query in a warm process; corpus and home are made once."""
    corpus = cache / "corpora" / f"tiny-{_NUMBER}"
    made = corpus / "made"
    if not made.exists():
        make_tiny_sessions(corpus, _NUMBER)
        made.touch()
    program = Program(cache / "homes" / f"tiny-{_NUMBER}", corpus)
    program.run("import", "--all")  # goes on with one that was interrupted
    yield from warm.rows(program, _QUERIES, f"{_NUMBER:,} small sessions", _WARM_MS)
