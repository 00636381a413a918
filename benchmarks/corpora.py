"""The corpora a run needs, made once and kept."""

from dataclasses import dataclass
from pathlib import Path

from benchmarks.corpus.making import make_corpus
from benchmarks.corpus.manifest import Manifest
from benchmarks.corpus.plan import CorpusPlan

_SEED = 7
_SESSIONS_A_MB = 200 / 60
_SMALL_MB = 0.006


@dataclass(frozen=True)
class Corpus:
    """A corpus on disk and what is true of it."""

    root: Path
    manifest: Manifest

    @property
    def megabytes(self) -> float:
        """What its transcripts weigh."""
        return self.manifest.bytes / 1e6


def corpus_of(megabytes: float, cache: Path) -> Corpus:
    """Return sessions of the usual sizes that weigh about so much together."""
    return _kept(CorpusPlan(round(megabytes * _SESSIONS_A_MB), megabytes, _SEED), cache)


def single_session(megabytes: float, cache: Path) -> Corpus:
    """Return one session of that weight."""
    return _kept(CorpusPlan(1, megabytes, _SEED), cache)


def many_sessions(number: int, cache: Path) -> Corpus:
    """Return so many small sessions."""
    return _kept(CorpusPlan(number, number * _SMALL_MB, _SEED), cache)


def corpus_in(folder: Path, sessions: int, megabytes: float, cache: Path) -> Corpus:
    """Return sessions that all worked in one folder."""
    return _kept(CorpusPlan(sessions, megabytes, _SEED, str(folder)), cache)


def _kept(plan: CorpusPlan, cache: Path) -> Corpus:
    place = "in-one-folder" if plan.cwd else "anywhere"
    name = f"{plan.sessions}-{plan.megabytes:g}-{plan.seed}-{place}"
    root = cache / "corpora" / name
    try:
        return Corpus(root, Manifest.load(root))
    except FileNotFoundError:
        return Corpus(root, make_corpus(root, plan))
