"""A session is found by the subject of the commit that its work became, whoever wrote that."""

import os
import subprocess
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.git_repositories import NAMED, git
from tests.integration.recall.conftest import Found, keep, run
from tests.integration.recall.planting import CLAUDE, CODEX, PI, Planted

WORD = "zqsubjectquern"
BEFORE, AFTER = "2026-11-23T01:00:00Z", "2026-11-23T09:00:00Z"


class Worked(NamedTuple):
    """What a session did to a repository."""

    planted: Planted
    folder: str
    before: dict[str, str]
    after: dict[str, str]


ADD = "def add(a, b):\n    return a + b\n"
GREET = 'def greet(name):\n    return "hello " + name\n\n\n# end\n'
GREETED = (
    'def greet(name):\n    return f"Hello, {name}!"\n\n\n'
    'def farewell(name):\n    """Say bye."""\n    return f"Bye, {name}!"\n\n\n# end\n'
)
WORKED = (
    Worked(
        CLAUDE,
        "/home/dev/edit-commit",
        {"calc.py": f"{ADD}\n\ndef sub(a, b):\n    return a + b\n"},
        {
            "calc.py": f"{ADD}\n\ndef sub(a, b):\n    return a - b\n",
            "test_calc.py": (
                "from calc import add, sub\n\n\ndef test_add():\n    assert add(1, 2) == 3\n\n\n"
                "def test_sub():\n    assert sub(3, 2) == 1\n"
            ),
        },
    ),
    Worked(
        CODEX,
        "/home/dev/edit",
        {"calc.py": "def add(a, b):\n    return a - b\n"},
        {
            "calc.py": ADD,
            "tests/test_calc.py": (
                "from calc import add\n\ndef test_add():\n    assert add(1, 2) == 3\n"
                "    assert add(-1, 1) == 0\n"
            ),
        },
    ),
    Worked(
        PI,
        "/home/dev/s1",
        {"src/greet.py": GREET},
        {
            "src/greet.py": GREETED,
            "tests/test_greet.py": (
                "from src.greet import farewell\n\n\ndef test_farewell():\n"
                '    assert farewell("Bo") == "Bye, Bo!"\n'
            ),
        },
    ),
)


def committed(folder: Path, files: dict[str, str], subject: str, at: str) -> None:
    """Write files, and commit them at a moment."""
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    git(folder, "add", "--all")
    dates = {"GIT_AUTHOR_DATE": at, "GIT_COMMITTER_DATE": at}
    command = ["git", *NAMED, "commit", "--quiet", "--message", subject]
    subprocess.run(command, cwd=folder, env={**os.environ, **dates}, check=True)


@pytest.mark.parametrize("worked", WORKED, ids=[each.planted.agent for each in WORKED])
@pytest.mark.parametrize("is_late", [False, True], ids=["kept-after-it", "kept-before-it"])
def test_the_subject_of_its_commit_finds_a_session(
    worked: Worked, is_late: bool, tmp_path: Path, found: Found
) -> None:
    home, folder = tmp_path / "home", tmp_path / "worked"
    folder.mkdir()
    git(folder, "init", "--quiet", "--initial-branch=main")
    committed(folder, worked.before, "Begin", BEFORE)
    worked.planted.write_with({worked.folder: str(folder)}, home)
    if is_late:
        keep(home)
        assert found(home, WORD) == []
    committed(folder, worked.after, f"Say something about {WORD}", AFTER)
    if is_late:
        run(home, folder, "trail", "status")  # which looks for new commits
    else:
        keep(home)

    hits = found(home, WORD)

    assert [hit["agent"] for hit in hits] == [worked.planted.agent]
    assert any(f"«{WORD}»" in match["snippet"] for match in hits[0]["matches"])
