"""The folders of a Git checkout, against the git command's own layout."""

import os
import subprocess
from pathlib import Path

import pytest

from opentraces.adapters.filesystem.checkouts import worktrees_of

NAMED = ("-c", "user.name=A", "-c", "user.email=a@example.org", "-c", "protocol.file.allow=always")


def git(folder: Path, *arguments: str) -> None:
    subprocess.run(["git", *NAMED, *arguments], cwd=folder, check=True, capture_output=True)


def make_repository(folder: Path) -> Path:
    folder.mkdir(parents=True)
    git(folder, "init", "--quiet")
    git(folder, "commit", "--quiet", "--allow-empty", "--message", "first")
    return folder


@pytest.fixture
def place(tmp_path: Path) -> Path:
    return tmp_path.resolve()


@pytest.fixture
def main(place: Path) -> Path:
    """A repository with two linked worktrees beside it: `one` and `two`."""
    main = make_repository(place / "main")
    git(main, "worktree", "add", "--quiet", "../two")
    git(main, "worktree", "add", "--quiet", "../one")
    return main


def test_outside_a_repository_there_is_none(place: Path) -> None:
    assert worktrees_of(place) == ()
    assert worktrees_of(place / "not" / "there") == ()


def test_a_plain_repository_is_one_folder(place: Path) -> None:
    main = make_repository(place / "main")

    assert worktrees_of(main) == (main,)


def test_the_main_checkout_knows_its_worktrees(main: Path, place: Path) -> None:
    assert worktrees_of(main) == (main, place / "one", place / "two")


def test_a_linked_worktree_comes_first_then_the_main_one(main: Path, place: Path) -> None:
    assert worktrees_of(place / "two") == (place / "two", main, place / "one")


def test_a_folder_below_belongs_to_the_checkout_around_it(main: Path) -> None:
    below = main / "src" / "deep"
    below.mkdir(parents=True)

    assert worktrees_of(below) == worktrees_of(main)
    assert worktrees_of(main / "src" / "not" / "yet") == worktrees_of(main)


def test_a_symbolic_link_to_a_checkout_is_that_checkout(main: Path, place: Path) -> None:
    (place / "link").symlink_to(main)

    assert worktrees_of(place / "link") == worktrees_of(main)


def test_a_repository_inside_another_stands_for_itself(main: Path) -> None:
    inner = make_repository(main / "inner")

    assert worktrees_of(inner) == (inner,)


def test_worktrees_of_a_bare_repository_know_each_other(main: Path, place: Path) -> None:
    git(place, "clone", "--quiet", "--bare", str(main), "bare.git")
    git(place / "bare.git", "worktree", "add", "--quiet", "../x")
    git(place / "bare.git", "worktree", "add", "--quiet", "../y")

    assert worktrees_of(place / "x") == (place / "x", place / "y")


def test_relative_pointers_are_followed(main: Path, place: Path) -> None:
    (place / "one" / ".git").write_text("gitdir: ../main/.git/worktrees/one\n")
    (main / ".git" / "worktrees" / "one" / "gitdir").write_text("../../../../one/.git\n")

    assert worktrees_of(place / "one") == (place / "one", main, place / "two")


def test_a_submodule_stands_for_itself(main: Path, place: Path) -> None:
    outer = make_repository(place / "outer")
    git(outer, "submodule", "--quiet", "add", str(main), "sub")

    assert worktrees_of(outer / "sub") == (outer / "sub",)


def test_a_worktree_that_is_gone_is_left_out(main: Path, place: Path) -> None:
    (place / "one" / ".git").unlink()

    assert worktrees_of(main) == (main, place / "two")


def test_a_copied_worktree_stands_for_itself(main: Path, place: Path) -> None:
    copy = place / "copy"
    copy.mkdir()
    (copy / ".git").write_bytes((place / "one" / ".git").read_bytes())

    assert worktrees_of(copy) == (copy,)
    assert copy not in worktrees_of(main)


@pytest.mark.parametrize("pointed_at", [".git", ".git/worktrees/one", ".git/worktrees", "."])
def test_a_checkout_cannot_join_a_repository_that_does_not_name_it(
    main: Path, place: Path, pointed_at: str
) -> None:
    evil = place / "evil"
    evil.mkdir()
    (evil / ".git").write_text(f"gitdir: {main / pointed_at}\n")

    assert worktrees_of(evil) == (evil,)


def test_a_repository_cannot_name_the_checkout_of_another(main: Path, place: Path) -> None:
    evil = make_repository(place / "evil")
    record = evil / ".git" / "worktrees" / "one"
    record.mkdir(parents=True)
    (record / "gitdir").write_text(f"{place / 'one' / '.git'}\n")
    (record / "commondir").write_text("../..\n")
    (evil / ".git" / "commondir").write_text(f"{main / '.git'}\n")

    assert worktrees_of(evil) == (evil,)


@pytest.mark.parametrize(
    "content",
    [b"", b"\n", b"gitdir", b"nonsense\n", b"gitdir: a\0b\n", b"gitdir: " + b"a/" * 100_000],
)
def test_a_git_file_that_names_nothing_is_no_checkout(place: Path, content: bytes) -> None:
    (place / ".git").write_bytes(content)

    assert worktrees_of(place) == ()


@pytest.mark.parametrize("content", [b"gitdir: \xff\xfe\n", b"gitdir: /dev/zero\n", b"gitdir: .\n"])
def test_a_git_file_that_names_nonsense_stands_for_itself(place: Path, content: bytes) -> None:
    (place / ".git").write_bytes(content)

    assert worktrees_of(place) == (place,)


def test_a_pipe_is_not_waited_for(main: Path, place: Path) -> None:
    (place / "one" / ".git").unlink()
    os.mkfifo(place / "one" / ".git")
    (main / ".git" / "worktrees" / "two" / "gitdir").unlink()
    os.mkfifo(main / ".git" / "worktrees" / "two" / "gitdir")

    assert worktrees_of(place / "one") == ()
    assert worktrees_of(main) == (main,)


def test_links_that_go_in_circles_end(place: Path) -> None:
    main = make_repository(place / "main")
    worktrees = main / ".git" / "worktrees"
    worktrees.mkdir()
    (worktrees / "loop").symlink_to("loop")
    (worktrees / "self").symlink_to(worktrees)

    assert worktrees_of(main) == (main,)
