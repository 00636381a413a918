"""A session that is kept says which worktree it began in, and what it changed there."""

import json
import os
import subprocess
from pathlib import Path
from typing import Any

import pytest

from tests.git_repositories import NAMED, REMOTE, git
from tests.integration.cli.conftest import Document

BEGAN = 1_793_527_200
"""10:00 of the day of the session, in seconds since 1970."""


def commit_at(folder: Path, moment: int, text: str) -> str:
    (folder / "README").write_text(text)
    git(folder, "add", "README")
    dates = {"GIT_COMMITTER_DATE": f"{moment} +0000", "GIT_AUTHOR_DATE": f"{moment} +0000"}
    environment = {**os.environ, **dates}
    command = ["git", *NAMED, "commit", "--quiet", "--message", text]
    subprocess.run(command, cwd=folder, check=True, capture_output=True, env=environment)
    return git(folder, "rev-parse", "HEAD")


def line(kind: str, folder: Path, at: int, number: int, **more: Any) -> str:
    said = {
        "parentUuid": None,
        "isSidechain": False,
        "type": kind,
        "uuid": f"u{number}",
        "timestamp": f"2026-11-01T10:00:{at:02d}.000Z",
        "sessionId": "0b7d6f3a-0000-4000-8000-00000000000a",
        "cwd": str(folder),
        "version": "2.1.197",
        **more,
    }
    return json.dumps(said) + "\n"


def session(folder: Path) -> str:
    """A session in which a file is written, in `src` below the folder's root."""
    path, text = str(folder.parent / "src" / "new.py"), "def invented():\n    return 1\n"
    call = {"type": "tool_use", "id": "c1", "name": "Write"}
    call["input"] = {"file_path": path, "content": text}  # type: ignore[assignment]
    usage = {"input_tokens": 1, "output_tokens": 2}
    said = {"id": "m1", "role": "assistant", "model": "claude-x", "content": [call], "usage": usage}
    result = {"type": "tool_result", "tool_use_id": "c1", "content": "File created"}
    told = {"type": "create", "filePath": path, "content": text, "structuredPatch": []}
    return (
        line("user", folder, 5, 1, message={"role": "user", "content": "Invent something"})
        + line("assistant", folder, 6, 2, message=said, requestId="r1")
        + line(
            "user",
            folder,
            7,
            3,
            message={"role": "user", "content": [result]},
            toolUseResult={**told, "originalFile": None},
        )
    )


@pytest.fixture
def repository(home: Path) -> Path:
    """A repository with a commit before the session, and one after it."""
    folder = home / "src" / "widgets"
    (folder / "docs").mkdir(parents=True)
    git(folder, "init", "--quiet", "--initial-branch=main")
    git(folder, "remote", "add", "origin", REMOTE)
    commit_at(folder, BEGAN - 60, "before")
    commit_at(folder, BEGAN + 3600, "after")
    return folder


def keep(home: Path, document: Document, folder: Path) -> Any:
    place = home / ".claude" / "projects" / "-w"
    place.mkdir(parents=True)
    (place / "0b7d6f3a-0000-4000-8000-00000000000a.jsonl").write_text(session(folder))
    document("import", "--all")
    [hit] = document("trace", "query", "invent", "--limit", "1")["hits"]
    return document("trace", "get", hit["trace_id"])


def test_the_worktree_is_that_around_the_folder(
    home: Path, document: Document, repository: Path
) -> None:
    record = keep(home, document, repository / "docs")

    first, root = git(repository, "rev-list", "HEAD").split()[::-1], str(repository)
    assert record["task"]["repository"] == "acme/widgets"
    assert record["task"]["repository_url"] == "github.com/acme/widgets"
    assert record["task"]["base_commit"] == first[0]
    assert record["environment"]["vcs"]["base_commit"] == first[0]
    [patch] = record["patches"]
    assert (patch["file_path"], patch["tool_call_id"]) == ("src/new.py", "c1")
    assert (
        patch["snapshot_after_id"]
        .partition("@")[0]
        .endswith("0b7d6f3a-0000-4000-8000-00000000000a.jsonl")
    )
    assert root not in patch["file_path"]


def test_outside_of_a_repository_paths_are_absolute(home: Path, document: Document) -> None:
    folder = home / "src" / "plain"
    folder.mkdir(parents=True)

    record = keep(home, document, folder)

    assert record["task"]["repository"] is record["task"]["base_commit"] is None
    assert record["environment"]["vcs"]["type"] == "none"
    [patch] = record["patches"]
    assert patch["file_path"] == str(home / "src" / "src" / "new.py")
