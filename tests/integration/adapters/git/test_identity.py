"""What the git command says of repositories, hostile ones among them."""

import os
import subprocess
from pathlib import Path

import pytest

from opentraces.adapters.git.command import NOT_INSTALLED, TOO_SLOW, GitCommand
from opentraces.adapters.git.identity import (
    FOREIGN,
    SHALLOW,
    UNBORN,
    UNREADABLE,
    GitRepositoryIdentity,
)
from opentraces.domain.enrolment import Identity
from tests.contracts.repository_identity import RepositoryIdentityContract
from tests.git_repositories import REMOTE, clone, git, make_repository, program, root_of

NAMED = "github.com/acme/widgets"


def identify(checkout: Path, search_path: str = os.defpath, seconds: float = 10.0) -> Identity:
    return GitRepositoryIdentity(GitCommand(search_path, seconds)).identify(str(checkout))


class TestGitRepositoryIdentity(RepositoryIdentityContract):
    @pytest.fixture
    def identities(self) -> GitRepositoryIdentity:
        return GitRepositoryIdentity(GitCommand(os.defpath))

    @pytest.fixture
    def cloned(self, main: Path) -> str:
        return str(main)

    @pytest.fixture
    def nothing(self, place: Path) -> str:
        return str(place)


def test_a_clone_says_what_its_source_says(main: Path, place: Path) -> None:
    git(main, "commit", "--quiet", "--allow-empty", "--message", "second")
    ssh = "git@github.com:acme/widgets.git"

    assert identify(clone(main, place / "copy", remote=ssh)) == identify(main)
    assert identify(main) == Identity(root_of(main), NAMED)


def test_a_linked_worktree_says_what_the_main_one_says(main: Path, place: Path) -> None:
    git(main, "worktree", "add", "--quiet", "../fix")
    git(main, "checkout", "--quiet", "--detach")

    assert identify(place / "fix") == identify(main) == Identity(root_of(main), NAMED)


def test_a_submodule_is_a_repository_of_its_own(main: Path, place: Path) -> None:
    outer = make_repository(place / "outer")
    git(outer, "submodule", "--quiet", "add", str(main), "sub")

    assert identify(outer / "sub") == Identity(root_of(main), str(main))
    assert identify(outer).root_commit == root_of(outer)


def test_a_sha256_repository_has_a_longer_name(place: Path) -> None:
    main = make_repository(place / "main", "--object-format=sha256")

    said = identify(main)

    assert said == Identity(root_of(main))
    assert len(said.root_commit or "") == 64


def test_of_several_first_commits_the_oldest_counts(
    main: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    oldest = root_of(main)
    monkeypatch.setenv("GIT_COMMITTER_DATE", "2040-01-01T00:00:00Z")
    git(main, "checkout", "--quiet", "--orphan", "other")
    git(main, "commit", "--quiet", "--message", "another beginning")
    git(main, "merge", "--quiet", "--allow-unrelated-histories", "--message", "both", "main")

    assert identify(main).root_commit == oldest


def test_without_a_commit_there_is_none(place: Path) -> None:
    (place / "new").mkdir()
    git(place / "new", "init", "--quiet")

    assert identify(place / "new") == Identity(None, None, UNBORN)


def test_a_shallow_clone_does_not_know_its_first_commit(main: Path, place: Path) -> None:
    git(main, "commit", "--quiet", "--allow-empty", "--message", "second")
    shallow = clone(main, place / "shallow", "--depth=1", remote=REMOTE)

    assert identify(shallow) == Identity(None, NAMED, SHALLOW)


def test_a_replaced_or_grafted_commit_is_not_believed(main: Path) -> None:
    root = root_of(main)
    git(main, "commit", "--quiet", "--allow-empty", "--message", "second")
    head = git(main, "rev-parse", "HEAD")
    git(main, "replace", "--graft", head)
    (main / ".git" / "info" / "grafts").write_text(f"{head}\n")

    assert identify(main).root_commit == root


def test_a_broken_repository_says_nothing_of_the_one_around_it(main: Path) -> None:
    (main / "inner" / ".git").mkdir(parents=True)

    assert identify(main / "inner") == Identity(None, None, UNREADABLE)


def test_a_history_with_a_hole_has_no_first_commit(main: Path) -> None:
    root = root_of(main)
    git(main, "commit", "--quiet", "--allow-empty", "--message", "second")
    (main / ".git" / "objects" / root[:2] / root[2:]).unlink()

    assert identify(main) == Identity(None, NAMED, UNREADABLE)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give files away")
def test_the_repository_of_another_user_is_not_read(main: Path) -> None:
    os.chown(main, 1234, -1)
    os.chown(main / ".git", 1234, -1)
    assert identify(main) == Identity(None, None, FOREIGN)

    # Only the user's own configuration can allow it, and none is read.
    git(main.parent, "config", "--global", "safe.directory", "*")
    assert identify(main) == Identity(None, None, FOREIGN)


def test_what_a_user_set_for_all_repositories_does_not_count(main: Path) -> None:
    git(main, "config", "--global", "remote.origin.url", "https://example.org/other")
    git(main, "remote", "remove", "origin")

    assert identify(main) == Identity(root_of(main))


def test_what_is_included_does_not_count(main: Path, place: Path) -> None:
    (place / "included").write_text('[remote "origin"]\n\turl = https://example.org/other\n')
    git(main, "remote", "remove", "origin")
    git(main, "config", "include.path", str(place / "included"))

    assert identify(main) == Identity(root_of(main))


def test_the_environment_is_not_handed_on(
    main: Path, place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = make_repository(place / "other")
    monkeypatch.setenv("GIT_DIR", str(other / ".git"))
    monkeypatch.setenv("GIT_CONFIG_COUNT", "1")
    monkeypatch.setenv("GIT_CONFIG_KEY_0", "remote.origin.url")
    monkeypatch.setenv("GIT_CONFIG_VALUE_0", "https://example.org/other")

    said = identify(main)

    monkeypatch.delenv("GIT_DIR")
    monkeypatch.delenv("GIT_CONFIG_COUNT")
    assert said == Identity(root_of(main), NAMED)


def test_without_git_nothing_is_known(main: Path, place: Path) -> None:
    assert identify(main, str(place)) == Identity(None, None, NOT_INSTALLED)


def test_a_git_that_does_not_answer_is_not_waited_for(main: Path, place: Path) -> None:
    slow = program(place / "slow", "git", "exec /bin/sleep 600")

    assert identify(main, slow, seconds=0.2) == Identity(None, None, TOO_SLOW)


@pytest.mark.parametrize("search_path", [".", "", ":", "bin", ".:bin:"])
def test_a_git_of_the_repository_s_own_is_never_run(
    main: Path, place: Path, monkeypatch: pytest.MonkeyPatch, search_path: str
) -> None:
    program(main, "git", f"/bin/touch {place}/canary")
    program(main / "bin", "git", f"/bin/touch {place}/canary")
    monkeypatch.chdir(main)

    assert identify(main, search_path).root_commit == root_of(main)
    assert not (place / "canary").exists()


def test_nothing_that_a_repository_names_is_run(hostile: Path, place: Path) -> None:
    root = root_of(hostile)
    (place / "touched").unlink(missing_ok=True)

    assert identify(hostile) == Identity(root, NAMED)
    assert not (place / "touched").exists()


def test_the_hostile_repository_is_hostile(hostile: Path, place: Path) -> None:
    subprocess.run(["git", "status"], cwd=hostile, check=False, capture_output=True)

    assert (place / "touched").exists()


def test_what_is_missing_is_not_fetched(hostile: Path, place: Path) -> None:
    """Of a partial clone, a look at an object that is not there starts what the remote names."""
    git(hostile, "remote", "set-url", "origin", str(make_repository(place / "source")))
    missing = "1" * 40
    for reference in ("HEAD", "refs/heads/main"):
        (hostile / ".git" / reference).write_text(f"{missing}\n")

    said = identify(hostile)

    assert (said.root_commit, said.reason) == (None, UNREADABLE)
    assert not (place / "touched").exists()


def test_what_is_missing_would_be_fetched(hostile: Path, place: Path) -> None:
    git(hostile, "remote", "set-url", "origin", str(make_repository(place / "source")))

    look = ["git", "cat-file", "-e", "1" * 40]
    subprocess.run(look, cwd=hostile, check=False, capture_output=True)

    assert (place / "touched").exists()


def test_a_configuration_that_is_a_pipe_is_not_waited_for(main: Path, place: Path) -> None:
    os.mkfifo(place / "pipe")
    git(main, "config", "include.path", str(place / "pipe"))

    said = identify(main, seconds=0.5)

    assert said == Identity(None, None, TOO_SLOW)
