"""How a real worktree stood beside what was checked out, in all the ways in which Git has files."""

import os
import time
from pathlib import Path

import pytest

from opentraces.adapters.git.command import GitCommand
from opentraces.adapters.git.worktree_files import GitWorktreeFiles
from opentraces.adapters.git.worktree_places import WorktreePlaces
from opentraces.domain.trail.start import Standing
from tests.git_repositories import git, make_repository

FILES = GitWorktreeFiles(GitCommand(os.environ["PATH"]))


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    folder = make_repository(tmp_path / "work")
    for name in ("a.txt", "b.txt", "in/c.txt"):
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(f"{name}\n")
    time.sleep(0.03)
    git(folder, "add", ".")
    git(folder, "commit", "--quiet", "--message", "files")
    return folder


def since() -> int:
    """Return a moment that a file system tells from what was done before, and from what comes."""
    time.sleep(0.03)
    moment = time.time_ns()
    time.sleep(0.03)
    return moment


def stood(folder: Path, moment: int | None = None) -> Standing:
    return FILES.standing(str(folder), since() if moment is None else moment)


def states(found: Standing) -> dict[str, str]:
    return {each.path: each.state for each in found.dirty}


def untold(found: Standing) -> list[str]:
    return [each.path for each in found.written if not each.is_readable]


def test_the_commit_is_named(repository: Path) -> None:
    assert stood(repository).commit == git(repository, "rev-parse", "HEAD")


def test_what_is_staged_counts_as_what_is_not(repository: Path) -> None:
    (repository / "a.txt").write_text("staged\n")
    (repository / "new.txt").write_text("new\n")
    git(repository, "add", "a.txt", "new.txt")
    git(repository, "rm", "--quiet", "b.txt")

    found = stood(repository)

    assert states(found) == {"a.txt": "modified", "b.txt": "deleted", "new.txt": "untracked"}
    assert found.written == ()


def test_what_is_staged_alone_counts_where_the_index_is_older(repository: Path) -> None:
    (repository / "a.txt").write_text("staged\n")
    git(repository, "add", "a.txt")
    (repository / "a.txt").write_text("a.txt\n")
    git(repository, "rm", "--quiet", "--cached", "b.txt")

    assert states(stood(repository)) == {"a.txt": "modified", "b.txt": "deleted"}


def test_what_is_staged_alone_does_not_tell_where_the_index_is_younger(repository: Path) -> None:
    moment = since()
    git(repository, "rm", "--quiet", "--cached", "b.txt")

    found = stood(repository, moment)

    assert (states(found), untold(found)) == ({}, ["b.txt"])


def test_what_is_only_to_be_added_is_untracked(repository: Path) -> None:
    (repository / "new.txt").write_text("new\n")
    git(repository, "add", "--intent-to-add", "new.txt")

    assert states(stood(repository)) == {"new.txt": "untracked"}


def test_a_file_that_was_written_to_be_the_same_differs_in_nothing(repository: Path) -> None:
    (repository / "a.txt").write_text("a.txt\n")

    found = stood(repository)

    assert (found.dirty, found.written, found.is_whole) == ((), (), True)


def test_line_ends_that_git_changes_are_no_difference(repository: Path) -> None:
    git(repository, "config", "core.autocrlf", "true")
    (repository / "a.txt").write_bytes(b"a.txt\r\n")

    assert stood(repository).dirty == ()


def test_another_mode_is_no_difference(repository: Path) -> None:
    (repository / "a.txt").chmod(0o755)
    git(repository, "add", "a.txt")
    (repository / "b.txt").chmod(0o755)

    assert states(stood(repository)) == {}


def test_what_is_not_to_be_checked_out_is_not_deleted(repository: Path) -> None:
    git(repository, "sparse-checkout", "set", "--no-cone", "/*.txt")
    assert not (repository / "in").exists()

    found = stood(repository)

    assert (found.dirty, found.written) == ((), ())
    assert FILES.uncommitted(str(repository), since()) == ()


def test_a_conflict_is_a_change(repository: Path) -> None:
    git(repository, "checkout", "--quiet", "-b", "other")
    (repository / "a.txt").write_text("theirs\n")
    git(repository, "commit", "--quiet", "--all", "--message", "theirs")
    git(repository, "checkout", "--quiet", "main")
    (repository / "a.txt").write_text("ours\n")
    git(repository, "commit", "--quiet", "--all", "--message", "ours")
    with pytest.raises(Exception, match="merge"):
        git(repository, "merge", "other")

    assert states(stood(repository)) == {"a.txt": "modified"}


def test_links_are_compared_by_where_they_lead(repository: Path) -> None:
    for name in ("same", "other"):
        (repository / name).symlink_to("a.txt")
    git(repository, "add", ".")
    git(repository, "commit", "--quiet", "--message", "links")
    for name, target in (("same", "a.txt"), ("other", "b.txt")):
        (repository / name).unlink()
        (repository / name).symlink_to(target)

    assert states(stood(repository)) == {"other": "modified"}


def test_a_repository_within_is_one_folder(repository: Path) -> None:
    make_repository(repository / "within")

    assert states(stood(repository)) == {"within/": "untracked"}


def test_before_the_first_commit_all_is_untracked(tmp_path: Path) -> None:
    git(tmp_path, "init", "--quiet")
    for name in ("a.txt", "b.txt"):
        (tmp_path / name).write_text("new\n")
    git(tmp_path, "add", "a.txt")
    moment = since()

    found = stood(tmp_path, moment)
    git(tmp_path, "add", "--all")
    git(tmp_path, "-c", "user.name=A", "-c", "user.email=a@b", "commit", "--quiet", "-m", "first")
    later = stood(tmp_path, moment)

    assert states(found) == states(later) == {"a.txt": "untracked", "b.txt": "untracked"}
    assert (found.commit, found.is_whole) == (later.commit, later.is_whole) == (None, True)


def test_without_a_reflog_it_is_not_whole(repository: Path) -> None:
    (repository / ".git/logs/HEAD").unlink()

    found = stood(repository)

    assert (found.commit, found.is_whole) == (git(repository, "rev-parse", "HEAD"), False)


def test_too_many_files_are_not_all_told(repository: Path) -> None:
    for number in range(201):
        (repository / f"new-{number:03d}").write_text("new\n")

    found = stood(repository)

    assert (len(found.dirty), found.is_whole) == (200, False)


def test_what_went_before_is_told_from_what_went_since(repository: Path) -> None:
    (repository / "in/c.txt").unlink()
    moment = since()
    (repository / "a.txt").unlink()

    found = stood(repository, moment)

    assert states(found) == {"in/c.txt": "deleted"}
    assert [each.path for each in found.written] == ["a.txt"]
    assert [each.path for each in FILES.uncommitted(str(repository), moment)] == ["a.txt"]


def test_what_a_program_makes_of_a_file_does_not_tell(repository: Path, tmp_path: Path) -> None:
    git(repository, "config", "filter.x.clean", f"touch {tmp_path}/ran; cat")
    (repository / ".git/info/attributes").write_text("a.txt filter=x\n")
    (repository / "a.txt").write_text("another\n")
    (repository / "b.txt").write_text("another\n")

    found = stood(repository)

    assert (states(found), untold(found)) == ({"b.txt": "modified"}, ["a.txt"])
    assert not (tmp_path / "ran").exists()


def test_a_file_that_git_has_noted_is_not_read(
    repository: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(300):
        (repository / f"kept-{number}").write_text("kept\n")
    time.sleep(0.03)
    git(repository, "add", ".")
    git(repository, "commit", "--quiet", "--message", "many")
    (repository / "a.txt").write_text("another\n")
    read: list[str] = []
    reading = WorktreePlaces.read

    def noted(places: WorktreePlaces, path: str) -> bytes | None:
        read.append(path)
        return reading(places, path)

    monkeypatch.setattr(WorktreePlaces, "read", noted)

    assert states(stood(repository)) == {"a.txt": "modified"}
    assert read == ["a.txt"]


def test_the_number_of_processes_depends_on_no_file(
    repository: Path, started: list[tuple[str, ...]]
) -> None:
    counts = []
    for number in (1, 60):
        moment = since()
        for each in range(number):
            (repository / f"new-{each}.txt").write_text(f"{number}\n")
        (repository / "a.txt").write_text(f"{number}\n")
        started.clear()
        assert FILES.standing(str(repository), moment).written
        standing = len(started)
        git(repository, "add", ".")
        git(repository, "commit", "--quiet", "--message", "many")
        started.clear()
        assert FILES.newly_committed(str(repository), moment)
        counts.append((standing, len(started)))

    assert counts[0] == counts[1]
    assert max(counts[0]) <= 6


@pytest.mark.parametrize("options", [(), ("--object-format=sha256",)])
def test_amended_commits_are_compared_with_what_they_replace(
    tmp_path: Path, options: tuple[str, ...]
) -> None:
    folder = make_repository(tmp_path / "work", *options)
    (folder / "a.txt").write_text("one\n")
    git(folder, "add", ".")
    git(folder, "commit", "--quiet", "--message", "one")
    moment = since()
    (folder / "a.txt").write_text("one\ntwo\n")
    git(folder, "commit", "--quiet", "--all", "--amend", "--message", "two")

    [found] = FILES.newly_committed(str(folder), moment)

    assert (found.before, found.content) == (b"one\n", b"one\ntwo\n")


@pytest.mark.parametrize(
    "moves",
    [
        [["merge", "--quiet", "other"]],
        [["merge", "--quiet", "--no-ff", "--no-edit", "other"]],
        [["cherry-pick", "other"]],
        [["reset", "--quiet", "--hard", "other"]],
        [["checkout", "--quiet", "other"]],
        [["rebase", "--quiet", "other"]],
    ],
)
def test_what_another_commit_brought_is_not_newly_committed(
    repository: Path, moves: list[list[str]]
) -> None:
    git(repository, "checkout", "--quiet", "-b", "other")
    (repository / "a.txt").write_text("theirs\n")
    git(repository, "commit", "--quiet", "--all", "--message", "theirs")
    git(repository, "checkout", "--quiet", "main")
    (repository / "b.txt").write_text("ours\n")
    if moves[0][-1] == "other" and "--no-ff" not in moves[0] and moves[0][0] != "merge":
        git(repository, "commit", "--quiet", "--all", "--message", "ours")
    moment = since()
    for move in moves:
        git(repository, *move)
    assert (repository / "a.txt").read_text() == "theirs\n"

    assert FILES.newly_committed(str(repository), moment) == ()


def test_what_is_behind_a_link_is_not_read(repository: Path, tmp_path: Path) -> None:
    (tmp_path / "secret").mkdir()
    (repository / "in/c.txt").unlink()
    (repository / "in").rmdir()
    (repository / "in").symlink_to(tmp_path / "secret")
    moment = since()
    (tmp_path / "secret/c.txt").write_text("secret words\n")

    assert "secret words" not in repr(FILES.uncommitted(str(repository), 0))
    assert "secret words" not in repr(FILES.standing(str(repository), moment))
