"""What the hooks of a repository note while Git runs them."""

import shutil
import subprocess
from pathlib import Path

import pytest

from tests.integration.git_hooks.conftest import Opentraces, Place

SHELLS = [shell for shell in ("/bin/sh", "/bin/bash", "/bin/dash") if Path(shell).exists()]


@pytest.fixture(autouse=True)
def enrolled(place: Place, opentraces: Opentraces) -> None:
    opentraces("init")


def test_a_commit_and_what_replaces_it_are_noted(place: Place, opentraces: Opentraces) -> None:
    opentraces("setup", "git")
    assert place.commit() == ""
    old = place.head()
    assert place.commit("--amend") == ""

    assert place.noted() == ["post-commit", "post-commit", f"post-rewrite {old} {place.head()}"]


def test_each_commit_of_a_rebase_is_noted_with_its_new_one(
    place: Place, opentraces: Opentraces
) -> None:
    opentraces("setup", "git")
    place.git("checkout", "--quiet", "-b", "side")
    for name in ("a", "b"):
        (place.root / name).write_text(name)
        place.git("add", name)
        place.commit()
    old = place.git("rev-list", "--reverse", "main..side").split()
    place.git("checkout", "--quiet", "main")
    place.commit()
    place.notes.write_bytes(b"")
    place.git("rebase", "--quiet", "main", "side")
    new = place.git("rev-list", "--reverse", "main..side").split()

    pairs = [line for line in place.noted() if line.startswith("post-rewrite")]
    assert pairs == [f"post-rewrite {a} {b}" for a, b in zip(old, new, strict=True)]


def test_worktrees_share_the_hooks(place: Place, opentraces: Opentraces) -> None:
    opentraces("setup", "git")
    other = place.home / "other"
    place.git("worktree", "add", "--quiet", "-b", "other", str(other))
    place.commit(at=other)
    (other / "deep").mkdir()
    place.commit(at=other / "deep")

    assert place.noted() == ["post-commit", "post-commit"]


def test_set_up_in_a_worktree_it_is_set_up_for_all(place: Place, opentraces: Opentraces) -> None:
    other = place.home / "other"
    place.git("worktree", "add", "--quiet", "-b", "other", str(other))
    opentraces("setup", "git", at=other)
    place.commit()

    assert place.noted() == ["post-commit"]
    assert "installed already" in opentraces("setup", "git")


def test_what_is_not_enrolled_any_more_is_not_noted(place: Place, opentraces: Opentraces) -> None:
    opentraces("setup", "git")
    opentraces("remove")
    assert place.commit() == ""
    assert not place.notes.exists()

    opentraces("init")
    place.commit()
    assert place.noted() == ["post-commit"]


def test_set_up_before_it_is_enrolled_it_notes_from_then_on(
    place: Place, opentraces: Opentraces
) -> None:
    opentraces("remove")
    opentraces("setup", "git")
    place.commit()
    assert not place.notes.exists()

    opentraces("init")
    place.commit()
    assert place.noted() == ["post-commit"]


def test_a_copy_of_the_repository_notes_nothing(place: Place, opentraces: Opentraces) -> None:
    opentraces("setup", "git")
    copy = place.home / "copy"
    shutil.copytree(place.root, copy, symlinks=True)
    assert place.commit(at=copy) == ""

    assert place.noted() == []


def test_nothing_is_written_into_the_repository(place: Place, opentraces: Opentraces) -> None:
    opentraces("setup", "git")
    place.commit()

    assert place.git("status", "--porcelain", "--ignored") == ""
    assert set(place.tree()) == {"post-commit", "post-rewrite"}


@pytest.mark.parametrize("trouble", ["gone", "link", "folder", "read-only"])
def test_no_trouble_with_the_file_is_seen(
    place: Place, opentraces: Opentraces, trouble: str
) -> None:
    opentraces("setup", "git")
    elsewhere = place.home / "elsewhere"
    elsewhere.write_text("")
    if trouble == "read-only":
        subprocess.run(["chmod", "a-w", place.notes], check=True)
    else:
        place.notes.unlink()
    if trouble == "link":
        place.notes.symlink_to(elsewhere)
    if trouble == "folder":
        place.notes.mkdir()

    assert place.commit() == ""
    assert place.commit("--amend") == ""
    assert elsewhere.read_text() == ""


def test_a_disk_that_is_full_is_not_seen(place: Place, opentraces: Opentraces) -> None:
    opentraces("setup", "git")
    for name in ("post-commit", "post-rewrite"):
        script = place.hooks / name
        said = script.read_text().replace(f"opentraces_to={place.notes}", "opentraces_to=/dev/full")
        script.write_text(said.replace('[ -f "$opentraces_to" ]', ":"))

    assert place.commit() == ""
    assert place.commit("--amend") == ""


@pytest.mark.parametrize("shell", SHELLS)
@pytest.mark.parametrize("options", ["", " -e", " -eu"])
def test_the_users_script_keeps_its_exit_code_arguments_and_input(
    place: Place, opentraces: Opentraces, shell: str, options: str
) -> None:
    if (place.hooks / "post-rewrite").exists():
        raise AssertionError("it has hooks already")
    script = place.hook("post-rewrite", f'#!{shell}{options}\necho "$# $1 $0"; cat; exit 7\n')
    opentraces("setup", "git")
    pairs = "".join(f"{number:040x} {number + 1:040x}\n" for number in range(1, 3001))
    for said in ("", pairs, "cut short"):
        run = subprocess.run(
            [script, "rebase"], cwd=place.root, input=said, capture_output=True, text=True
        )
        assert (run.returncode, run.stderr) == (7, "")
        # A line that was cut short is given on as a whole one.
        assert run.stdout == f"1 rebase {script}\n{said}" + "\n" * (said == "cut short")

    assert len(place.noted()) == 1001
    assert place.noted()[999] == f"post-rewrite {1000:040x} {1001:040x}"


@pytest.mark.parametrize("script", ["#!/bin/sh\nexit 1\n", "exit 1\n", "#!/bin/bash\nexec false\n"])
def test_a_script_that_ends_early_keeps_nothing_from_being_noted(
    place: Place, opentraces: Opentraces, script: str
) -> None:
    place.hook("post-commit", script)
    opentraces("setup", "git")
    place.commit()

    assert place.noted() == ["post-commit"]


def test_variables_of_the_users_script_are_its_own(place: Place, opentraces: Opentraces) -> None:
    for name in ("post-commit", "post-rewrite"):
        place.hook(name, "#!/bin/sh\ncat >/dev/null; set; pwd\n")
    at = place.home / "said"

    def said() -> list[str]:
        lines = place.commit("--amend").splitlines()
        apart = ("_=", "PPID", "GIT_", "LINENO", "OPTIND", "PS4")
        return [line for line in lines if not line.startswith(apart)]

    before = said()
    opentraces("setup", "git")
    assert said() == before
    assert not at.exists()
