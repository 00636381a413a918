"""`opentraces setup git`: what it puts where, what it leaves alone, and how it goes again."""

import os
import stat
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.integration.git_hooks.conftest import Opentraces, Place

Documents = Callable[..., Any]

MINE = "#!/bin/sh\necho mine >&2\n"
GENERATED = "#!/bin/sh\n# lefthook\ncall_lefthook run post-commit\n"


def test_hooks_are_executable_and_the_users(place: Place, opentraces: Opentraces) -> None:
    lines = opentraces("setup", "git").splitlines()

    assert lines[0] == "Hooks     git installed: 2 events → ~/widgets/.git/hooks"
    assert {stat.S_IMODE(mode) for mode, _ in place.tree().values()} == {0o755}


def test_a_dry_run_shows_the_lines_and_changes_nothing(
    place: Place, opentraces: Opentraces
) -> None:
    place.hook("post-commit", MINE)
    before = place.tree()
    said = opentraces("setup", "git", "--dry-run")

    assert "would be installed" in said
    assert "+# >>> opentraces" in said
    assert " echo mine >&2" in said
    assert said.splitlines()[-1] == "Next      opentraces setup git"
    assert place.tree() == before
    assert not (place.home / ".opentraces" / "state" / "git").exists()


def test_a_second_setup_changes_nothing(place: Place, opentraces: Opentraces) -> None:
    opentraces("setup", "git")
    before = {path: path.stat().st_mtime_ns for path in place.hooks.iterdir()}

    assert "nothing to do" in opentraces("setup", "git")
    assert {path: path.stat().st_mtime_ns for path in place.hooks.iterdir()} == before


@pytest.mark.parametrize(
    "script", [None, MINE, "#!/bin/sh", "echo no shebang", "#!/bin/bash -e\nexit 0\n", ""]
)
@pytest.mark.parametrize("mode", [0o755, 0o700])
def test_removed_every_byte_and_mode_is_as_before(
    place: Place, opentraces: Opentraces, script: str | None, mode: int
) -> None:
    if script is not None:
        for name in ("post-commit", "post-rewrite", "pre-commit"):
            place.hook(name, script if name != "pre-commit" else MINE, mode)
    before = place.tree()
    opentraces("setup", "git")
    assert place.tree() != before
    said = opentraces("setup", "git", "--remove")

    assert place.tree() == before
    assert "git removed from" in said
    assert not list((place.home / ".opentraces" / "state" / "git").iterdir())
    assert "nothing to do" in opentraces("setup", "git", "--remove")


def test_what_the_user_changed_in_between_stays(place: Place, opentraces: Opentraces) -> None:
    opentraces("setup", "git")
    script = place.hooks / "post-commit"
    script.write_text(script.read_text() + "echo later\n")
    opentraces("setup", "git", "--remove")

    assert script.read_text() == "#!/bin/sh\necho later\n"
    assert not (place.hooks / "post-rewrite").exists()


def test_a_folder_that_was_made_goes_again(place: Place, opentraces: Opentraces) -> None:
    place.hooks.rmdir()
    opentraces("setup", "git")
    assert len(place.tree()) == 2
    opentraces("setup", "git", "--remove")

    assert not place.hooks.exists()


def test_a_link_is_not_followed(place: Place, opentraces: Opentraces) -> None:
    target = place.home / "script"
    target.write_text(MINE)
    (place.hooks / "post-commit").symlink_to(target)
    said = opentraces("setup", "git")

    assert "post-commit is a symbolic link, and none is followed" in said
    assert target.read_text() == MINE
    assert (place.hooks / "post-rewrite").exists()
    opentraces("setup", "git", "--remove")
    assert (place.hooks / "post-commit").is_symlink()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give files away")
def test_what_belongs_to_another_user_is_left_alone(place: Place, opentraces: Opentraces) -> None:
    script = place.hook("post-commit", MINE)
    os.chown(script, 12345, 12345)

    assert "post-commit belongs to another user" in opentraces("setup", "git")
    assert script.read_text() == MINE


def test_a_folder_that_is_a_link_is_left_alone(place: Place, opentraces: Opentraces) -> None:
    elsewhere = place.home / "elsewhere"
    place.hooks.rename(elsewhere)
    place.hooks.symlink_to(elsewhere)
    said = opentraces("setup", "git")

    assert said.startswith("Hooks     git not installed")
    assert "hooks is a symbolic link" in said
    assert list(elsewhere.iterdir()) == []


@pytest.mark.parametrize(
    ("script", "mode", "why"),
    [
        ("#!/usr/bin/env python3\n", 0o755, "is no script for sh"),
        (MINE, 0o644, "is not executable, so Git does not run it"),
        (GENERATED, 0o755, "is made by lefthook, which would write over what is added"),
    ],
)
def test_a_hook_that_nothing_may_be_put_into_is_left_alone(
    place: Place, opentraces: Opentraces, script: str, mode: int, why: str
) -> None:
    place.hook("post-commit", script, mode)
    before = place.tree()
    said = opentraces("setup", "git")

    assert f"post-commit {why}" in said
    assert "nothing is lost without a hook" in said
    assert place.tree()["post-commit"] == before["post-commit"]
    assert "post-commit of" in opentraces("doctor")


@pytest.mark.parametrize("option", ["--local", "--global"])
def test_a_folder_of_the_users_own_is_respected(
    place: Place, opentraces: Opentraces, option: str
) -> None:
    own = place.home / "my hooks"
    own.mkdir()
    (own / "post-commit").write_text(MINE)
    (own / "post-commit").chmod(0o755)
    place.git("config", option, "core.hooksPath", "~/my hooks")
    opentraces("init")
    opentraces("setup", "git")

    assert place.tree() == {}
    assert place.commit() == "mine\n"
    assert place.noted() == ["post-commit"]
    opentraces("setup", "git", "--remove")
    assert [file.name for file in own.iterdir()] == ["post-commit"]
    assert (own / "post-commit").read_text() == MINE


def test_two_repositories_share_a_folder_of_hooks(place: Place, opentraces: Opentraces) -> None:
    own = place.home / "hooks"
    place.git("config", "--global", "core.hooksPath", str(own))
    second = Place(place.home)
    second.root = place.home / "gadgets"
    second.root.mkdir()
    second.git("init", "--quiet")
    for one in (place, second):
        opentraces("init", at=one.root)
        opentraces("setup", "git", at=one.root)
    second.commit()
    second.commit("--amend")
    assert (len(place.noted()), len(second.noted())) == (0, 3)

    opentraces("setup", "git", "--remove", at=place.root)
    second.commit()
    assert len(second.noted()) == 4
    opentraces("setup", "git", "--remove", at=second.root)
    assert not own.exists() or list(own.iterdir()) == []


@pytest.mark.parametrize("folder", [".githooks", ".husky/_"])
def test_a_folder_of_the_checkout_is_left_alone(
    place: Place, opentraces: Opentraces, folder: str
) -> None:
    own = place.root / folder
    own.mkdir(parents=True)
    (own / "post-commit").write_text(MINE)
    (own / "post-commit").chmod(0o755)
    place.git("config", "core.hooksPath", folder)
    said = opentraces("setup", "git")

    assert said.startswith("Hooks     git not installed")
    assert ("husky" in said) == ("husky" in folder)
    assert (own / "post-commit").read_text() == MINE
    assert place.tree() == {}
    assert not (place.home / ".opentraces" / "state" / "git").exists()


def test_hooks_that_are_shadowed_are_told_and_moved_by_the_next_setup(
    place: Place, opentraces: Opentraces, document: Documents
) -> None:
    opentraces("init")
    opentraces("setup", "git")
    own = place.home / "own"
    place.git("config", "--global", "core.hooksPath", str(own))

    found = document("setup", "git", "--dry-run")["hooks"]
    assert (found["settings"], found["shadowed_by"]) == (str(place.hooks), str(own))
    assert f"Git looks into {own}: they never run" in opentraces("doctor")
    opentraces("setup", "git")
    assert place.tree() == {}
    place.commit()
    assert place.noted() == ["post-commit"]
    assert f"hooks installed in {own}" in opentraces("doctor")


def test_doctor_says_that_there_are_none_and_mends_what_is_missing(
    place: Place, opentraces: Opentraces
) -> None:
    assert "no hooks in repositories" in opentraces("doctor")
    opentraces("setup", "git")
    assert f"hooks installed in {place.hooks}" in opentraces("doctor")
    (place.hooks / "post-rewrite").unlink()
    assert "post-rewrite of" in opentraces("doctor")

    assert f"put the hooks of {place.root} in order" in opentraces("doctor", "--fix")
    assert len(place.tree()) == 2


def test_doctor_puts_none_where_the_user_took_them_all(
    place: Place, opentraces: Opentraces
) -> None:
    opentraces("setup", "git")
    for file in place.hooks.iterdir():
        file.unlink()
    opentraces("doctor", "--fix")

    assert place.tree() == {}


def test_an_uninstall_takes_them_out_of_all_repositories(
    place: Place, opentraces: Opentraces
) -> None:
    second = Place(place.home)
    second.root = place.home / "gadgets"
    second.root.mkdir()
    second.git("init", "--quiet", "--template=")
    second.hooks.mkdir()
    place.hook("post-commit", MINE)
    before = (place.tree(), second.tree())
    for one in (place, second):
        opentraces("setup", "git", at=one.root)
    said = opentraces("uninstall", "--dry-run")
    assert f"~ {place.hooks}/post-commit" in said
    assert f"- {second.hooks}/post-commit" in said
    opentraces("uninstall", at=place.home)

    assert (place.tree(), second.tree()) == before
    assert place.commit() == "mine\n"


def test_a_repository_that_is_gone_stops_no_uninstall(place: Place, opentraces: Opentraces) -> None:
    opentraces("setup", "git")
    place.root.rename(place.home / "moved")
    assert "which is gone" in opentraces("doctor", at=place.home)
    opentraces("uninstall", at=place.home)

    assert "no hooks in repositories" in opentraces("doctor", at=place.home)


def test_a_repository_that_moved_is_set_up_anew(place: Place, opentraces: Opentraces) -> None:
    opentraces("init")
    opentraces("setup", "git")
    place.root.rename(place.home / "moved")
    place.root = place.home / "moved"
    opentraces("status")
    opentraces("setup", "git")
    place.commit()

    assert place.noted() == ["post-commit"]


def test_outside_of_a_repository_it_says_so(place: Place, opentraces: Opentraces) -> None:
    opentraces("setup", "git", at=place.home, code=2)


def test_hostile_settings_of_a_repository_run_nothing(place: Place, opentraces: Opentraces) -> None:
    ran = place.home / "ran"
    evil = place.home / "evil"
    evil.write_text(f"#!/bin/sh\ntouch {ran}\n")
    evil.chmod(0o755)
    for name in ("core.fsmonitor", "core.pager", "core.editor", "alias.config"):
        place.git("config", name, f"!{evil}" if name.startswith("alias") else str(evil))
    opentraces("setup", "git")
    opentraces("doctor")
    opentraces("setup", "git", "--remove")

    assert not ran.exists()


def test_a_path_that_a_shell_would_read_otherwise_is_taken_as_it_is(
    home: Path, place: Place, opentraces: Opentraces
) -> None:
    odd = home / 'it\'s $(touch ran) `x` "{0}" \\n'
    place.root.rename(odd)
    place.root = odd
    opentraces("init")
    opentraces("setup", "git")
    place.commit()

    assert place.noted() == ["post-commit"]
    assert not list(home.rglob("ran"))
