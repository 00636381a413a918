"""Repositories that somebody prepared: nothing runs, nothing is written, nothing leaks."""

import os
import shutil
import subprocess
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest

from opentraces.adapters.git.command import GitCommand
from opentraces.adapters.git.command_source import open_command
from opentraces.adapters.git.repositories import GitRepositories
from opentraces.adapters.git.repository import GitRepository
from opentraces.adapters.git.worktree_files import GitWorktreeFiles
from opentraces.domain.errors import NoSuchFile, RepositoryUnreadable
from opentraces.domain.trail.history import CommitId, ObjectId
from opentraces.ports.repository import Repository
from tests.git_repositories import git, make_repository, program
from tests.hostile_repositories import make_hostile
from tests.integration.adapters.git.asking import ask, bytes_below

SEEN = GitCommand(os.defpath)
Open = Callable[[Path], Repository]


def chosen(folder: Path) -> Repository:
    return GitRepositories(SEEN).open(str(folder))


def by_command(folder: Path) -> Repository:
    return GitRepository(open_command(SEEN, str(folder)), SEEN)


@pytest.fixture(params=["library", "everything", "command", "sha256"])
def prepared(request: pytest.FixtureRequest, place: Path) -> tuple[Path, Open]:
    """A hostile repository of two commits, and how it is opened."""
    ids = "sha256" if request.param == "sha256" else "sha1"
    main = make_repository(place / "main", f"--object-format={ids}")
    (main / "f").write_text("one\n")
    git(main, "add", "f")
    git(main, "commit", "--quiet", "--message", "second")
    make_hostile(main, place, everything=request.param == "everything")
    (main / "f").write_text("one\ntwo\n")
    if ids == "sha256":
        with (main / ".git" / "config").open("a") as config:
            version = "[core]\n\trepositoryFormatVersion = 1\n"
            config.write(f"{version}[extensions]\n\tobjectFormat = sha256\n")
    (place / "touched").unlink(missing_ok=True)
    return main, by_command if request.param == "command" else chosen


def test_nothing_runs_and_nothing_is_written(prepared: tuple[Path, Open], place: Path) -> None:
    main, opened = prepared
    before = bytes_below(main)

    said = ask(opened(main))

    assert len(said.commits) == 2
    assert said.lines[1] == [said.heads.head, None]
    assert not (place / "touched").exists()
    assert bytes_below(main) == before


def test_nothing_runs_and_nothing_is_written_to_compare_a_worktree(
    prepared: tuple[Path, Open], place: Path
) -> None:
    main, _ = prepared
    before = bytes_below(main)
    files = GitWorktreeFiles(SEEN)

    committed = files.newly_committed(str(main), 0)
    standing = files.standing(str(main), 2**62)

    assert standing.commit == chosen(main).heads().head
    assert "f" not in [each.path for each in committed]
    assert "f" in [each.path for each in standing.written if not each.is_readable]
    assert not (place / "touched").exists()
    assert bytes_below(main) == before


def test_what_is_missing_is_not_fetched(prepared: tuple[Path, Open], place: Path) -> None:
    main, opened = prepared
    repository = opened(main)
    commits = list(
        repository.commits([head] if (head := repository.heads().head) else [], [], None)
    )
    blob = commits[-1].changes[0].blob
    assert blob is not None
    (main / ".git" / "objects" / blob[:2] / blob[2:]).unlink()
    missing = blob[:-1] + ("0" if blob[-1] != "0" else "1")

    again = opened(main)

    assert [*again.blobs([blob, ObjectId(missing)])] == [None, None]
    assert list(again.commits([CommitId(missing)], [], None)) == []
    for revision in (commits[-1].commit, None, CommitId(missing)):
        with suppress(NoSuchFile, RepositoryUnreadable):
            again.blame("f", revision)
    assert again.heads().head == commits[-1].commit
    assert not (place / "touched").exists()


def test_the_repository_is_hostile(prepared: tuple[Path, Open], place: Path) -> None:
    """What is started by a look without care; else the tests above could not fail."""
    main, _ = prepared

    missing = "1" * len(git(main, "rev-parse", "HEAD"))
    (place / "touched").unlink(missing_ok=True)

    for look in (["status"], ["blame", "f"], ["cat-file", "-e", missing]):
        subprocess.run(["git", *look], cwd=main, check=False, capture_output=True)
        assert (place / "touched").exists(), look
        (place / "touched").unlink()


def test_libgit2_reads_what_includes_nothing(main: Path, place: Path) -> None:
    make_hostile(main, place, everything=False)
    (place / "empty").mkdir()
    repositories = GitRepositories(GitCommand(str(place / "empty")))

    assert len(ask(repositories.open(str(main))).commits) == 1
    with (main / ".git" / "config").open("a") as config:
        config.write("[core] [ Include ]\n\tpath = /nowhere\n")
    with pytest.raises(RepositoryUnreadable):
        repositories.open(str(main))


def test_no_temporary_repository_stays(
    prepared: tuple[Path, Open], place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    main, opened = prepared
    (place / "temporary").mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(place / "temporary"))
    repository = opened(main)

    ask(repository)
    next(repository.commits([*repository.heads().logged], [], None))

    assert list((place / "temporary").iterdir()) == []


def test_the_environment_is_not_handed_on(
    main: Path, place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = make_repository(place / "other")
    head = git(main, "rev-parse", "HEAD")
    for name, value in (
        ("GIT_DIR", str(other / ".git")),
        ("GIT_WORK_TREE", str(other)),
        ("GIT_OBJECT_DIRECTORY", str(other / ".git" / "objects")),
        ("GIT_INDEX_FILE", str(other / ".git" / "index")),
        ("GIT_EXTERNAL_DIFF", "/bin/false"),
        ("GIT_TRACE", str(place / "trace")),
    ):
        monkeypatch.setenv(name, value)

    found = [ask(opened(main)) for opened in (chosen, by_command)]

    assert [said.heads.head for said in found] == [head, head]
    assert [said.lines for said in found] == [[[head]], [[head]]]
    assert not (place / "trace").exists()


def test_what_a_user_set_for_all_repositories_does_not_count(main: Path) -> None:
    git(main, "config", "--global", "core.worktree", "/nowhere")
    git(main, "config", "--global", "blame.ignoreRevsFile", "/nowhere/either")

    assert ask(chosen(main)) == ask(by_command(main))
    assert ask(chosen(main)).lines == [[git(main, "rev-parse", "HEAD")]]


def test_a_worktree_elsewhere_is_not_read(main: Path, place: Path) -> None:
    (place / "secret").mkdir()
    (place / "secret" / "README").write_text("secret\n")
    git(main, "config", "core.worktree", str(place / "secret"))

    for opened in (chosen, by_command):
        assert "secret" not in [line.text for line in opened(main).blame("README", None)]


@pytest.mark.parametrize("folder", ["", "d"])
def test_a_link_in_the_worktree_is_not_followed(main: Path, place: Path, folder: str) -> None:
    (place / "secret").mkdir()
    (place / "secret" / "f").write_text("secret\n")
    (main / "d").mkdir()
    (main / "d" / "f").write_text("open\n")
    git(main, "add", "d/f")
    git(main, "commit", "--quiet", "--message", "second")
    shutil.rmtree(main / "d")
    if folder:
        (main / "d").symlink_to(place / "secret")
    else:
        (main / "d").mkdir()
        (main / "d" / "f").symlink_to(place / "secret" / "f")

    for opened in (chosen, by_command):
        with pytest.raises(NoSuchFile):
            opened(main).blame("d/f", None)


@pytest.mark.parametrize("name", ["HEAD", "config", "logs/HEAD", "packed-refs", "refs/heads/main"])
def test_a_link_in_place_of_a_file_leads_nowhere(main: Path, place: Path, name: str) -> None:
    (place / "secret").write_text("secret words\n")
    (main / ".git" / name).unlink(missing_ok=True)
    (main / ".git" / name).symlink_to(place / "secret")

    for opened in (chosen, by_command):
        try:
            said = repr(ask(opened(main)))
        except RepositoryUnreadable as error:
            said = str(error)
        assert "secret words" not in said


def test_a_pointer_to_another_repository_ends_at_its_owner(place: Path) -> None:
    if os.geteuid() != 0:
        pytest.skip("only root can give files away")
    other = make_repository(place / "other")
    (place / "main").mkdir()
    (place / "main" / ".git").write_text(f"gitdir: {other / '.git'}\n")
    os.chown(other / ".git", 1234, -1)

    for opened in (chosen, by_command):
        with pytest.raises(RepositoryUnreadable):
            opened(place / "main")


def test_borrowed_objects_are_read_and_a_borrowed_pipe_is_not_waited_for(
    main: Path, place: Path
) -> None:
    git(place, "clone", "--quiet", "--shared", str(main), "copy")
    assert ask(chosen(place / "copy")).commits == ask(chosen(main)).commits

    alternates = place / "copy" / ".git" / "objects" / "info" / "alternates"
    alternates.unlink()
    os.mkfifo(alternates)
    slow = GitRepositories(GitCommand(os.defpath, seconds=0.5))
    with suppress(RepositoryUnreadable):
        ask(slow.open(str(place / "copy")))


def test_a_program_of_the_repository_s_own_is_never_git(main: Path, place: Path) -> None:
    program(main, "git", f"/bin/touch {place}/touched")
    git_of_its_own = GitCommand(f".:{os.defpath}:")
    repository = GitRepository(open_command(git_of_its_own, str(main)), git_of_its_own)

    ask(repository)

    assert not (place / "touched").exists()
