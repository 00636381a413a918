"""What Git lists of a worktree, and that nobody's programs are run for it."""

import os
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from opentraces.adapters.git.command import GitCommand
from opentraces.adapters.git.worktree_files import GitWorktreeFiles
from opentraces.ports.worktree_files import UncommittedFile, WorktreeFiles
from tests.contracts.worktree_files import Commit, WorktreeFilesContract, Write
from tests.git_repositories import git, make_repository


def after_all() -> int:
    """Return a moment that a file system tells from what was done before, and from what comes."""
    time.sleep(0.03)
    moment = time.time_ns()
    time.sleep(0.03)
    return moment


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    folder = make_repository(tmp_path / "work")
    for name in ("kept.txt", "gone.txt"):
        (folder / name).write_text(f"{name}\n")
    git(folder, "add", ".")
    git(folder, "commit", "--quiet", "--message", "files")
    return folder


class TestGitWorktreeFiles(WorktreeFilesContract):
    @pytest.fixture
    def files(self) -> WorktreeFiles:
        return GitWorktreeFiles(GitCommand(os.environ["PATH"]))

    @pytest.fixture
    def worktree(self, repository: Path) -> str:
        return str(repository)

    @pytest.fixture
    def write(self, repository: Path) -> Write:
        def written(name: str, content: bytes | None) -> None:
            path = repository / name
            if content is None:
                path.unlink()
                return
            path.parent.mkdir(exist_ok=True)
            path.write_bytes(content)

        return written

    @pytest.fixture
    def commit(self, repository: Path) -> Commit:
        def committed() -> int:
            git(repository, "add", "--all")
            git(repository, "commit", "--quiet", "--message", "change")
            return int(git(repository, "log", "-1", "--format=%ct"))

        return committed

    @pytest.fixture
    def now(self) -> Callable[[], int]:
        return after_all


def test_ignored_files_and_links_are_not_reported(repository: Path) -> None:
    (repository / ".git/info/exclude").write_text("built/\n")
    (repository / "built").mkdir()
    (repository / "built/app").write_text("built\n")
    (repository / "link").symlink_to("/etc/hostname")

    assert GitWorktreeFiles(GitCommand(os.environ["PATH"])).uncommitted(str(repository), 0) == ()


def test_a_staged_change_is_reported_as_it_is_in_the_worktree(repository: Path) -> None:
    (repository / "kept.txt").write_text("staged\n")
    git(repository, "add", "kept.txt")
    (repository / "kept.txt").write_text("later\n")

    [found] = GitWorktreeFiles(GitCommand(os.environ["PATH"])).uncommitted(str(repository), 0)

    assert found == UncommittedFile("kept.txt", b"later\n", b"kept.txt\n")


def test_a_repository_without_a_commit_has_only_new_files(tmp_path: Path) -> None:
    git(tmp_path, "init", "--quiet")
    (tmp_path / "new.txt").write_text("new\n")

    assert GitWorktreeFiles(GitCommand(os.environ["PATH"])).uncommitted(str(tmp_path), 0) == (
        UncommittedFile("new.txt", b"new\n", None),
    )


def test_no_program_of_the_repository_is_run_and_nothing_is_written(
    repository: Path, tmp_path: Path
) -> None:
    mark = tmp_path / "ran"
    for key in ("core.fsmonitor", "filter.x.clean", "filter.x.process", "diff.x.textconv"):
        git(repository, "config", key, f"touch {mark}; cat")
    (repository / ".git/info/attributes").write_text("* filter=x diff=x\n")
    (repository / "kept.txt").write_text("another\n")
    index = (repository / ".git/index").read_bytes()

    found = GitWorktreeFiles(GitCommand(os.environ["PATH"])).uncommitted(str(repository), 0)

    assert [each.path for each in found] == ["kept.txt"]
    assert not mark.exists()
    assert (repository / ".git/index").read_bytes() == index


def test_line_ends_that_git_changes_are_no_change(repository: Path) -> None:
    git(repository, "config", "core.autocrlf", "true")
    (repository / "kept.txt").write_bytes(b"kept.txt\r\n")

    assert GitWorktreeFiles(GitCommand(os.environ["PATH"])).uncommitted(str(repository), 0) == ()


def test_no_process_is_started_for_a_file(repository: Path, started: list[tuple[str, ...]]) -> None:
    counts = []
    for number in (1, 50):
        for each in range(number):
            (repository / f"new-{each}.txt").write_text("new\n")
        started.clear()
        found = GitWorktreeFiles(GitCommand(os.environ["PATH"])).uncommitted(str(repository), 0)
        assert len(found) == number
        counts.append(len(started))

    assert counts[0] == counts[1]
