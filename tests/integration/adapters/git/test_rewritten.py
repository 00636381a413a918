"""What a rebase folds into the commit before it replaces that commit."""

import os
import subprocess
from pathlib import Path

import pytest

from opentraces.adapters.git.command import GitCommand
from opentraces.adapters.git.command_source import open_command
from opentraces.adapters.git.repositories import GitRepositories
from opentraces.adapters.git.repository import GitRepository
from tests.git_repositories import NAMED, git

SEEN = GitCommand(os.defpath)


def commit(main: Path, message: str, name: str) -> str:
    (main / name).write_text(message)
    git(main, "add", name)
    git(main, "commit", "--quiet", "--message", message)
    return git(main, "rev-parse", "HEAD")


@pytest.mark.parametrize("kind", ["fixup", "squash"])
def test_a_folded_commit_replaces_the_one_before(main: Path, kind: str) -> None:
    first = commit(main, "one", "f")
    commit(main, f"{kind}! one", "g")
    commit(main, "three", "h")
    todo = {"GIT_SEQUENCE_EDITOR": "true", "GIT_EDITOR": "true"}
    subprocess.run(
        ["git", *NAMED, "rebase", "--quiet", "-i", "--autosquash", "HEAD~3"],
        cwd=main,
        env={**os.environ, **todo},
        check=True,
        capture_output=True,
    )

    library = GitRepositories(SEEN).open(str(main))
    command = GitRepository(open_command(SEEN, str(main)), SEEN)
    expected = {first: git(main, "rev-parse", "HEAD~1")}
    assert library.heads().rewritten == expected
    assert command.heads().rewritten == expected
