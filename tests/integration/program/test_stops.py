"""A hundred Stops of one session: the last cost what the first did."""

import json
import subprocess
import sys
from pathlib import Path
from statistics import mean

import pytest

from benchmarks.corpora import Corpus, single_session
from tests.integration.program import stopping

ROOT = Path(__file__).parents[3]
MEGABYTES = 20


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Corpus:
    """One long session."""
    return single_session(MEGABYTES, tmp_path_factory.mktemp("long"))


def test_late_stop_moves_few_more_bytes_than_an_early_one(corpus: Corpus, tmp_path: Path) -> None:
    [session] = corpus.manifest.sessions
    given = corpus.root / session.main.path
    transcript = tmp_path / ".claude" / session.main.path

    with given.open("rb") as lines:
        done = subprocess.run(
            [sys.executable, "-m", stopping.__name__, str(tmp_path), str(transcript)],
            cwd=ROOT,
            stdin=lines,
            stdout=subprocess.PIPE,
            check=True,
        )

    moved = json.loads(done.stdout)
    assert len(moved) == stopping.STOPS
    assert transcript.read_bytes() == given.read_bytes()
    assert sum(moved) > given.stat().st_size
    assert mean(moved[90:]) <= 1.5 * mean(moved[10:20])
