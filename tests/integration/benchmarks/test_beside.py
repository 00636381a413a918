"""The program of others in the benchmarks: missing is said, and a crash is no time."""

from pathlib import Path

import pytest

from benchmarks.agentsview.beside import Beside
from benchmarks.agentsview.program import Agentsview, PeerFailed
from benchmarks.agentsview.rows import Syncs
from benchmarks.corpora import Corpus
from benchmarks.corpus.manifest import Manifest
from benchmarks.corpus.tokens import Tokens
from benchmarks.importing import Imported
from benchmarks.program import Program
from benchmarks.table import as_text


@pytest.fixture
def imported(tmp_path: Path) -> Imported:
    """An import of nothing at all."""
    nothing = Manifest(
        seed=7, sessions=(), bytes=0, lines=0, responses=0, tokens=Tokens(), needles={}
    )
    corpus = Corpus(tmp_path / "corpus", nothing)
    return Imported(corpus, Program(tmp_path / "home", corpus.root), (), (), 1.0)


def with_command(venv: Path, script: str) -> Path:
    """Put a script where pip would put agentsview."""
    command = venv / "bin" / "agentsview"
    command.parent.mkdir(parents=True)
    command.write_text(f"#!/bin/sh\n{script}\n")
    command.chmod(0o755)
    return venv


def test_a_program_that_is_missing_is_said_and_fails_nothing(
    tmp_path: Path, imported: Imported
) -> None:
    beside = Beside(tmp_path, 1, None, "no such release")
    syncs = beside.syncs_of(imported.corpus)

    [row] = beside.rows_of(imported, syncs)

    assert syncs is None
    assert (row.ok, row.measured) == (None, "no such release")
    assert "agentsview 0.46.1: not installed" in as_text([row])
    assert list(beside.growth_rows_of(imported.corpus)) == []


def test_a_crash_is_a_bound_that_does_not_hold(tmp_path: Path, imported: Imported) -> None:
    venv = with_command(tmp_path / "venv", "echo out of luck >&2; exit 3")
    beside = Beside(tmp_path, 1, venv)
    syncs = beside.syncs_of(imported.corpus)
    assert syncs is not None
    syncs()
    syncs()

    [row] = beside.rows_of(imported, syncs)

    assert syncs.finished == []
    assert row.ok is False
    assert "exit code 3" in row.measured
    assert row.floor == "out of luck"


def test_it_is_told_by_its_environment_alone(tmp_path: Path) -> None:
    venv = with_command(tmp_path / "venv", 'env > "$HOME/told"; [ "$1 $2" = "sync --full" ]')
    peer = Agentsview(venv, tmp_path / "home", tmp_path / "claude")
    peer.begin_anew()
    syncs = Syncs(peer)

    syncs()

    told = dict(line.split("=", 1) for line in (peer.home / "told").read_text().splitlines())
    assert told["CLAUDE_PROJECTS_DIR"] == str(tmp_path / "claude" / "projects")
    assert told["AGENTSVIEW_DATA_DIR"] == str(peer.data)
    assert (told["AGENTSVIEW_NO_DAEMON"], told["DO_NOT_TRACK"]) == ("1", "1")
    assert [each.code for each in syncs.finished] == [0]
    with pytest.raises(PeerFailed, match="exit code 1"):
        peer.sync()
