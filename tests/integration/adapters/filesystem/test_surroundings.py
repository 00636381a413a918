"""Checkouts as folders, some of them made by somebody who wants to be taken for another."""

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from opentraces.adapters.filesystem.surroundings import FilesystemCheckouts
from opentraces.domain.errors import BadRequest
from tests.contracts.checkouts import CheckoutsContract
from tests.git_repositories import git, make_repository


class TestFilesystemCheckouts(CheckoutsContract):
    @pytest.fixture
    def place(self, tmp_path: Path) -> str:
        return str(tmp_path.resolve())

    @pytest.fixture
    def checkouts(self, place: str) -> FilesystemCheckouts:
        main = make_repository(Path(place) / "main")
        git(main, "worktree", "add", "--quiet", "../main-fix")
        git(main, "clone", "--quiet", "--bare", ".", "../bare.git")
        (main / "src").mkdir()
        (Path(place) / "plain" / "folder").mkdir(parents=True)
        return FilesystemCheckouts()

    @pytest.fixture
    def remove(self, place: str) -> Callable[[str], None]:
        return lambda name: shutil.rmtree(f"{place}/{name}")


@pytest.fixture
def place(tmp_path: Path) -> Path:
    return tmp_path.resolve()


@pytest.fixture
def main(place: Path) -> Path:
    return make_repository(place / "main")


def repository_at(folder: Path) -> str | None:
    seen = FilesystemCheckouts().around(str(folder))
    assert (seen.own.path, len(seen.checkouts)) == (str(folder), 1)
    return seen.own.repository


def test_a_link_to_a_folder_is_the_folder(main: Path, place: Path) -> None:
    (place / "link").symlink_to(main)

    assert FilesystemCheckouts().around(str(place / "link")).own.path == str(main)


def test_inside_of_a_repository_s_own_folder_is_its_checkout(main: Path) -> None:
    seen = FilesystemCheckouts().around(str(main / ".git" / "objects"))

    assert seen.own.path == str(main)


def test_inside_of_a_bare_repository_there_is_no_checkout(main: Path, place: Path) -> None:
    git(main, "clone", "--quiet", "--bare", ".", "bare.git")

    with pytest.raises(BadRequest, match=r"bare\.git is a bare repository"):
        FilesystemCheckouts().around(str(main / "bare.git" / "refs"))


def test_a_worktree_of_a_bare_repository_is_named_after_it(main: Path, place: Path) -> None:
    git(main, "clone", "--quiet", "--bare", ".", "../widgets.git")
    git(place / "widgets.git", "worktree", "add", "--quiet", "../fix")

    seen = FilesystemCheckouts().around(str(place / "fix"))

    assert (seen.name, seen.own.repository) == ("widgets", str(place / "widgets.git"))


def test_a_submodule_is_a_repository_of_its_own(main: Path, place: Path) -> None:
    outer = make_repository(place / "outer")
    git(outer, "submodule", "--quiet", "add", str(main), "libs/sub")

    assert repository_at(outer / "libs" / "sub") == str(outer / ".git" / "modules" / "libs" / "sub")
    assert FilesystemCheckouts().around(str(outer / "libs" / "sub")).name == "sub"


def test_a_submodule_in_a_linked_worktree_is_a_repository_of_its_own(
    main: Path, place: Path
) -> None:
    outer = make_repository(place / "outer")
    git(outer, "submodule", "--quiet", "add", str(main), "sub")
    git(outer, "commit", "--quiet", "--message", "sub")
    git(outer, "worktree", "add", "--quiet", "../fix")
    git(place / "fix", "submodule", "--quiet", "update", "--init")

    inner = outer / ".git" / "worktrees" / "fix" / "modules" / "sub"
    assert repository_at(place / "fix" / "sub") == str(inner)


def test_a_git_folder_that_is_a_link_is_nobody_s(main: Path, place: Path) -> None:
    (place / "evil").mkdir()
    (place / "evil" / ".git").symlink_to(main / ".git")

    assert repository_at(place / "evil") is None


@pytest.mark.parametrize("pointed_at", [".git", ".git/objects", ".git/modules/sub", "."])
def test_a_git_file_that_points_to_another_s_repository_is_nobody_s(
    main: Path, place: Path, pointed_at: str
) -> None:
    (main / ".git" / "modules" / "sub").mkdir(parents=True)
    (place / "evil").mkdir()
    (place / "evil" / ".git").write_text(f"gitdir: {main / pointed_at}\n")

    assert repository_at(place / "evil") is None


@pytest.mark.parametrize("pointed_at", [".git", ".git/modules", ".git/objects/info", "modules/x"])
def test_a_folder_in_a_checkout_cannot_take_its_repository(main: Path, pointed_at: str) -> None:
    (main / "modules" / "x").mkdir(parents=True)
    (main / ".git" / "modules").mkdir()
    (main / "evil").mkdir()
    (main / "evil" / ".git").write_text(f"gitdir: ../{pointed_at}\n")

    assert repository_at(main / "evil") is None


def test_a_submodule_whose_repository_is_a_link_is_nobody_s(main: Path, place: Path) -> None:
    outer = make_repository(place / "outer")
    (outer / ".git" / "modules").mkdir()
    (outer / ".git" / "modules" / "sub").symlink_to(main / ".git")
    (outer / "sub").mkdir()
    (outer / "sub" / ".git").write_text("gitdir: ../.git/modules/sub\n")

    assert repository_at(outer / "sub") is None


@pytest.mark.parametrize("content", ["", "nonsense\n", "gitdir: nowhere\n"])
def test_a_git_file_that_says_nothing_ends_the_way_up(main: Path, content: str) -> None:
    (main / "inner").mkdir()
    (main / "inner" / ".git").write_text(content)

    assert repository_at(main / "inner") is None


def test_a_worktree_whose_name_has_a_line_end_is_left_out(main: Path) -> None:
    git(main, "worktree", "add", "--quiet", "--detach", "../one")
    git(main, "worktree", "move", "../one", "../one\ntwo")

    assert FilesystemCheckouts().around(str(main)).checkouts[0].path == str(main)
    assert len(FilesystemCheckouts().around(str(main)).checkouts) == 1


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give files away")
def test_what_belongs_to_another_user_is_not_ours(main: Path, place: Path) -> None:
    git(main, "worktree", "add", "--quiet", "../fix")
    os.chown(place / "fix", 1234, -1)

    seen = FilesystemCheckouts().around(str(main))
    assert ([each.path for each in seen.checkouts], seen.is_ours) == ([str(main)], True)
    assert not FilesystemCheckouts().around(str(place / "fix")).is_ours

    os.chown(main / ".git", 1234, -1)
    assert not FilesystemCheckouts().around(str(main)).is_ours
