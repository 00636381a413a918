from collections.abc import Iterator
from pathlib import Path

import pytest

from benchmarks.corpus.making import make_corpus
from benchmarks.corpus.plan import CorpusPlan
from tests.integration.hooks.workers import Workers, adopted
from tests.integration.program.machine import Machine

DATA = Path(__file__).parents[2] / "data" / "claude-code"


@pytest.fixture(scope="session")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Invented sessions, forks and sub-agents among them: about 3 MB in 25 sessions."""
    root = tmp_path_factory.mktemp("corpus")
    make_corpus(root, CorpusPlan(sessions=25, megabytes=3, seed=11), processes=1)
    return root


@pytest.fixture
def machine(tmp_path: Path, corpus: Path) -> Machine:
    """A machine on which nothing was kept yet."""
    return Machine(tmp_path / "machine", corpus)


@pytest.fixture(scope="session")
def imported(tmp_path_factory: pytest.TempPathFactory, corpus: Path) -> Machine:
    """A machine on which everything was kept by one undisturbed import; only read it."""
    machine = Machine(tmp_path_factory.mktemp("imported"), corpus)
    machine.json("import", "--all")
    return machine


@pytest.fixture
def workers() -> Iterator[Workers]:
    """The workers of a test; it ends when the last of them did."""
    with adopted() as workers:
        yield workers
