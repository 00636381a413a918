"""The other program where it can be had; a row that says why where it cannot."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from benchmarks.agentsview import growth
from benchmarks.agentsview.program import NAME, Agentsview, PeerFailed, PeerMissing, installed
from benchmarks.agentsview.rows import Syncs, asking_rows, import_rows
from benchmarks.corpora import Corpus
from benchmarks.importing import Imported
from benchmarks.table import Row


@dataclass(frozen=True)
class Beside:
    """Puts what the other program does beside what ours does, if it is there."""

    cache: Path
    rounds: int
    venv: Path | None
    """None: it could not be installed."""

    reason: str = ""
    """Why it could not."""

    @classmethod
    def prepared(cls, cache: Path, rounds: int) -> "Beside":
        """Install the other program, unless it is installed."""
        try:
            return cls(cache, rounds, installed(cache))
        except PeerMissing as error:
            return cls(cache, rounds, None, str(error))

    def syncs_of(self, corpus: Corpus) -> Syncs | None:
        """Return what reads a corpus with the other program, for `import_corpus`."""
        if self.venv is None:
            return None
        home = self.cache / "homes" / f"agentsview-{corpus.root.name}"
        return Syncs(Agentsview(self.venv, home, corpus.root))

    def rows_of(self, imported: Imported, syncs: Syncs | None) -> Iterator[Row]:
        """Yield what both cost for one corpus."""
        if syncs is None:
            yield Row(f"{NAME}: not installed", self.reason)
            return
        try:
            yield from import_rows(imported, syncs)
            yield from asking_rows(imported, syncs.peer, 3 * self.rounds)
        except PeerFailed as error:
            yield _failed(error)

    def growth_rows_of(self, corpus: Corpus) -> Iterator[Row]:
        """Yield what it costs both that one session of a corpus grew."""
        if self.venv is None:
            return
        try:
            yield from growth.rows(corpus, self.venv, self.cache, self.rounds)
        except PeerFailed as error:
            yield _failed(error)


def _failed(error: PeerFailed) -> Row:
    """A bound that could not be measured does not hold: a crash is no time."""
    said = str(error).splitlines()
    return Row(f"{NAME} failed", said[0], said[-1], bound="exit code 0", ok=False)
