"""What tells where a session was whose worktree is gone."""

import pytest

from opentraces.domain.trail.strays import Grounds, above, files_below, made_around, root_by_files

MADE = "/w/app/.claude/worktrees/fox"
GROUNDS = Grounds(("/w/app",), frozenset(("/old/app",)), frozenset(("/w/fix",)))


@pytest.mark.parametrize(
    ("folder", "root", "is_told"),
    [
        ("/old/app", "/old/app", True),
        ("/old/app/src", "/old/app", False),
        ("/w/fix", "/w/fix", False),
        (MADE, MADE, True),
        (f"{MADE}/src", MADE, False),
        ("/old/app/.claude/worktrees/fox", "/old/app/.claude/worktrees/fox", True),
        ("/w/app/src", "/w/app", False),
        ("/w/app", "/w/app", False),
        ("/w/app/.claude/worktrees/", "/w/app", False),
        ("/w/app/.claude/worktrees/..", "/w/app", False),
        ("/w/app-2", None, False),
        ("/elsewhere/app", None, False),
        ("/elsewhere/.claude/worktrees/fox", None, False),
    ],
)
def test_a_folder_is_in_the_innermost_root_around_it(
    folder: str, root: str | None, is_told: bool
) -> None:
    assert GROUNDS.root_of(folder) == root
    assert GROUNDS.is_told(folder) == is_told


@pytest.mark.parametrize(
    ("folder", "around"),
    [
        (MADE, "/w/app"),
        (f"{MADE}/.claude/worktrees/owl", MADE),
        (f"{MADE}/src", None),
        ("/.claude/worktrees/fox", None),
        ("/w/app", None),
    ],
)
def test_a_folder_is_named_as_an_agent_names_worktrees(folder: str, around: str | None) -> None:
    assert made_around(folder) == around


def test_files_are_told_below_a_root_alone() -> None:
    paths = ("/w/app/a.py", "/w/app-2/b.py", "c.py", "/w/app/../d.py")

    assert files_below(paths, "/w/app") == {"a.py"}
    assert above("/w/app") == ("/w/app", "/w")


@pytest.mark.parametrize(
    ("tracked", "root"),
    [
        (("src/a.py",), "/w/app"),
        (("a.py",), "/w/app/src"),
        (("src/a.py", "a.py"), None),
        (("src/a.py", "src/b.py", "a.py"), "/w/app"),
        (("b.txt",), None),
        ((), None),
    ],
)
def test_a_root_is_the_one_below_which_the_files_are(
    tracked: tuple[str, ...], root: str | None
) -> None:
    paths = ("/w/app/src/a.py", "/w/app/src/b.py")
    if tracked == ("src/a.py", "src/b.py", "a.py"):
        assert root_by_files(above("/w/app/src"), paths, tracked) == root
    else:
        assert root_by_files(above("/w/app/src"), paths[:1], tracked) == root
