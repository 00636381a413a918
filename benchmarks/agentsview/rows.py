"""What both programs do with the same sessions, in turn, and whether the other finds them."""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from statistics import median

from benchmarks.agentsview.program import NAME, Agentsview, PeerFailed, search
from benchmarks.corpus.needles import NEEDLES, Place
from benchmarks.importing import Imported, weight
from benchmarks.processes import Finished
from benchmarks.table import Row, at_most, compared
from benchmarks.usage import agentsview_rows

_IMPORT_BOUND, _QUERY_BOUND = 0.9, 1.0
_QUOTES = "30"
"""What a page of ours holds by default: ten sessions, each quoted up to three times."""

_FREQUENT, _RARE, _PHRASE = "error", "quibblefrost", '"orchid lattice handshake"'


@dataclass
class Syncs:
    """Called after each import of ours: reads the same sessions, anew each time."""

    peer: Agentsview
    finished: list[Finished] = field(default_factory=list)
    failure: PeerFailed | None = None
    """None: every one of them went well."""

    def __call__(self) -> None:
        """Read everything once more, unless that failed before."""
        if self.failure is None:
            self.peer.begin_anew()
            try:
                self.finished.append(self.peer.sync("--full"))
            except PeerFailed as error:
                self.failure = error


def import_rows(imported: Imported, syncs: Syncs) -> Iterator[Row]:
    """Yield what an import costs by what it costs the other, and what each leaves on disk.

    Raises PeerFailed.
    """
    if syncs.failure is not None:
        raise syncs.failure
    size = f"{imported.corpus.megabytes:.0f} MB"
    figure = f"import {size}, by {NAME} sync --full"
    wall = median(each.wall_ms for each in syncs.finished)
    yield at_most(figure, "ms", imported.first_ms, wall, _IMPORT_BOUND)
    cpu = median(each.cpu_ms for each in imported.first)
    theirs = median(each.cpu_ms for each in syncs.finished)
    yield compared(f"{figure}, processor", "ms", cpu, theirs)
    peak = max(each.peak_mb for each in imported.first)
    theirs = max(each.peak_mb for each in syncs.finished)
    yield compared(f"{figure}, memory", "MB", peak, theirs)
    kept = sum(weight(imported.program.store / name)[0] for name in ("bucket", "index"))
    theirs = (syncs.peer.data / "sessions.db").stat().st_size / 1e6
    yield compared(f"bucket and index {size}, by the database of {NAME}", "MB", kept, theirs)


def asking_rows(imported: Imported, peer: Agentsview, rounds: int) -> Iterator[Row]:
    """Yield each kind of query, and usage, as whole processes; its server is not counted.

    Raises PeerFailed.
    """
    size = f"{imported.corpus.megabytes:.0f} MB"
    with peer.serving():
        yield _found(imported, peer, size)
        for name, asked, arguments in _searches(imported, peer):
            mine, theirs, bare = _medians(
                (
                    _ours(imported, asked),
                    _theirs(peer.run, arguments),
                    _theirs(peer.run_bare, arguments),
                ),
                rounds,
            )
            figure = f"query {name}, {size}, by {NAME}"
            yield at_most(figure, "ms", mine, theirs, _QUERY_BOUND)
            yield compared(f"{figure} without its interpreter", "ms", mine, bare)
        yield from agentsview_rows(imported, peer, rounds)


def _found(imported: Imported, peer: Agentsview, size: str) -> Row:
    """Say whether the other finds what is planted in messages, the only text it looks at."""
    needles = imported.corpus.manifest.needles
    terms = [one.term for one in NEEDLES if one.place in {Place.USER, Place.ASSISTANT}]
    planted = {(term, session) for term in terms for session in needles[term]}
    found = {(term, session) for term in terms for session in peer.sessions_with(f'"{term}"')}
    return Row(
        f"found in messages by {NAME}, {size}",
        f"{len(found & planted)} + {len(found - planted)} wrong",
        str(len(planted)),
        bound="exactly these",
        ok=found == planted,
    )


def _searches(imported: Imported, peer: Agentsview) -> Iterator[tuple[str, str, tuple[str, ...]]]:
    """Yield each kind of query: its name, what ours is asked, what the other is told."""
    sessions = imported.corpus.manifest.sessions
    [(folder, _)] = Counter(session.cwd for session in sessions).most_common(1)
    there = next(session.session_id for session in sessions if session.cwd == folder)
    narrowed = f"{_FREQUENT} project:{folder.rpartition('/')[2]}"
    for name, text in (("frequent word", _FREQUENT), ("rare word", _RARE), ("phrase", _PHRASE)):
        yield name, text, search(text, _QUOTES)
    theirs = search(_FREQUENT, _QUOTES, "--project", peer.project_of(there))
    yield "filtered", narrowed, theirs


def _ours(imported: Imported, asked: str) -> Callable[[], Finished]:
    return lambda: imported.program.run("trace", "query", asked)


def _theirs(run: Callable[..., Finished], arguments: tuple[str, ...]) -> Callable[[], Finished]:
    return lambda: run(*arguments)


def _medians(runs: tuple[Callable[[], Finished], ...], rounds: int) -> tuple[float, ...]:
    """Run each in turn; the first turn only warms the caches."""
    turns = [[one().wall_ms for one in runs] for _ in range(rounds + 1)]
    return tuple(median(times) for times in zip(*turns[1:], strict=True))
