"""What it costs both programs to find the one session that grew, and to read what is new."""

import shutil
from collections.abc import Iterator
from itertools import count
from pathlib import Path
from statistics import median

from benchmarks.agentsview.program import NAME, Agentsview
from benchmarks.corpora import Corpus
from benchmarks.corpus.growing import grow
from benchmarks.processes import Finished
from benchmarks.program import Program
from benchmarks.stops import stop
from benchmarks.table import Row, at_most, compared

_BOUND = 1.0


def rows(corpus: Corpus, venv: Path, cache: Path, rounds: int) -> Iterator[Row]:
    """Let one session of a copy of `corpus` grow, and have each program take it up, in turn.

    Ours does it by an import, which looks for what changed as the other does, then by the
    worker of a Stop, which is told. Raises PeerFailed.
    """
    ours, theirs = _both(corpus, venv, cache)
    sessions = sorted(corpus.manifest.sessions, key=lambda session: session.main.bytes)
    session = sessions[len(sessions) // 2]
    transcript = ours.claude / session.main.path
    moments, ages = count(1), count()
    imports, stops, terms = list[tuple[Finished, Finished]](), list[tuple[Finished, Finished]](), []
    for _ in range(rounds):
        terms.append(grow(transcript, next(ages)).term)
        imports.append((ours.run("import", "--all"), theirs.sync()))
        terms.append(grow(transcript, next(ages)).term)
        stops.append((stop(ours, transcript, moments), theirs.sync()))
    figure = f"one of {len(sessions):,} sessions grew, by {NAME} sync"
    mine, other = (median(each.wall_ms for each in one) for one in zip(*imports, strict=True))
    yield at_most(f"import, {figure}", "ms", mine, other, _BOUND)
    mine, other = (median(each.cpu_ms for each in one) for one in zip(*stops, strict=True))
    yield at_most(f"ingest, {figure}, processor", "ms", mine, other, _BOUND)
    mine, other = (median(each.wall_ms for each in one) for one in zip(*stops, strict=True))
    yield compared(f"ingest, {figure}, its wait included", "ms", mine, other)
    with theirs.serving():
        found = [_finds(program, terms, session.session_id) for program in (ours, theirs)]
    yield Row(
        f"{figure}, what is new is found by both",
        f"{found[0]} and {found[1]}",
        f"{len(terms)} each",
        bound="all",
        ok=found == [len(terms), len(terms)],
    )


def _both(corpus: Corpus, venv: Path, cache: Path) -> tuple[Program, Agentsview]:
    """Let both programs read all of a copy of `corpus`."""
    copy, home = cache / "grown", cache / "homes" / "grown"
    for folder in (copy, home):
        shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(corpus.root, copy)
    ours, theirs = Program(home, copy), Agentsview(venv, cache / "homes" / "agentsview-grown", copy)
    theirs.begin_anew()
    ours.run("import", "--all")
    theirs.sync("--full")
    return ours, theirs


def _finds(program: Program | Agentsview, terms: list[str], session_id: str) -> int:
    return sum(program.sessions_with(term) == {session_id} for term in terms)
