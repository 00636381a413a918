"""What ten more lines cost: as much in a long session as in a short one."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from statistics import median

from benchmarks.corpora import Corpus, single_session
from benchmarks.corpus.growing import grow
from benchmarks.program import Program
from benchmarks.table import Row, at_most

_SHORT_MB, _LONG_MB = 1.0, 50.0
_BOUND = 2


def rows(cache: Path, rounds: int) -> Iterator[Row]:
    """Yield the long session by the short one, and whether the new lines were found."""
    short, short_found = _grown_ms(single_session(_SHORT_MB, cache), cache, rounds)
    long, long_found = _grown_ms(single_session(_LONG_MB, cache), cache, rounds)
    figure = f"ten more lines, {_LONG_MB:g} MB by {_SHORT_MB:g} MB"
    yield at_most(figure, "ms", long, short, _BOUND)
    found = short_found + long_found
    expected = 2 * rounds
    yield Row(
        "ten more lines, found",
        str(found),
        str(expected),
        bound="all",
        ok=found == expected,
    )


def _grown_ms(corpus: Corpus, cache: Path, rounds: int) -> tuple[float, int]:
    copy, home = cache / "grown", cache / "homes" / "grown"
    for folder in (copy, home):
        shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(corpus.root, copy)
    program = Program(home, copy)
    program.run("import", "--all")
    session = corpus.manifest.sessions[0]
    times, found = list[float](), 0
    for at in range(rounds):
        growth = grow(copy / session.main.path, times=at)
        times.append(program.run("import", "--all").wall_ms)
        found += program.sessions_with(growth.term) == {session.session_id}
    return median(times), found
