"""The first page of all that is kept costs as much however much is kept."""

import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner

from opentraces.adapters.filesystem.tree import OpenFile, Tree
from opentraces.entrypoints.cli.main import cli
from tests.transcript_lines import answered, typed

FEW, MANY = 12, 60


def keep(home: Path, number: int) -> None:
    """Keep so many sessions."""
    folder = home / ".claude" / "projects" / "-w"
    folder.mkdir(parents=True)
    for each in range(number):
        session = f"{each:08}-0000-4000-8000-000000000000"
        lines = typed("wombat", at=each, session=session)
        lines += answered("hello", at=each + 1, session=session)
        (folder / f"{session}.jsonl").write_bytes(lines)
    assert CliRunner().invoke(cli, ["import", "--all"]).exit_code == 0


def opened_by(monkeypatch: pytest.MonkeyPatch, *command: str) -> int:
    """Return how many files of the home a command opens."""
    names: list[str] = []
    original = Tree.open

    def noted(self: Tree, name: str) -> OpenFile | None:
        names.append(name)
        return original(self, name)

    with monkeypatch.context() as patched:
        patched.setattr(Tree, "open", noted)
        said = CliRunner().invoke(cli, command)
    assert said.exit_code == 0, said.output
    return len(names)


def test_it_opens_no_more_files_of_many_traces_than_of_few(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    keep(home, FEW)
    few = opened_by(monkeypatch, "trace", "query")
    shutil.rmtree(home / ".opentraces")
    shutil.rmtree(home / ".claude")
    keep(home, MANY)

    assert opened_by(monkeypatch, "trace", "query") == few > 0
