"""What real sessions committed: every edit is tied to its commit, and to no other."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.integration.trail.control.credits import Checkout, User
from tests.integration.trail.control.fixtures import (
    COMMITS,
    HOMES,
    WITHOUT,
    Own,
    commit_own,
    leave_sessions,
)

AFTER = "2026-11-27T12:00:00"


class Machine:
    """The repositories of all sessions, and the homes with all sessions in them."""

    def __init__(self, root: Path) -> None:
        self.users = [User(root / f"home-{number}") for number in range(len(HOMES))]
        self.checkouts: dict[str, Checkout] = {}
        self.commits: dict[str, str] = {}
        others = [
            Own(folder, AFTER, files, {"by-hand.md": "# by somebody\n"})
            for folder, files in WITHOUT.items()
        ]
        for own in (*COMMITS, *others):
            checkout = Checkout(root / "dev" / own.folder, self.users[0])
            self.checkouts[own.folder] = checkout
            self.commits[own.folder] = commit_own(checkout, own)
        for user, folders in zip(self.users, HOMES, strict=True):
            leave_sessions(user, root / "dev", folders)
            user.import_all()

    def said(self, folder: str) -> dict[str, dict[tuple[str, str], set[int]]]:
        """Return who is named for which lines of a repository, by commit, then file and call."""
        said: dict[str, dict[tuple[str, str], set[int]]] = {}
        for user in self.users:
            for one in user.credits(self.checkouts[folder].folder):
                lines = said.setdefault(one.commit, {}).setdefault(
                    (one.path, one.call or ""), set()
                )
                lines.update(range(one.first, one.last + 1))
        return said


@pytest.fixture(scope="module")
def machine(tmp_path_factory: pytest.TempPathFactory) -> Machine:
    return Machine(tmp_path_factory.mktemp("own"))


def expected(lines: Mapping[str, Mapping[str, tuple[int, ...]]]) -> dict[tuple[str, str], set[int]]:
    return {(path, call): set(at) for path, by in lines.items() for call, at in by.items()}


@pytest.mark.parametrize("own", COMMITS, ids=lambda own: own.folder)
def test_every_edit_is_tied_to_the_commit_of_its_session(own: Own, machine: Machine) -> None:
    assert machine.said(own.folder) == {machine.commits[own.folder]: expected(own.lines)}


@pytest.mark.parametrize("folder", WITHOUT)
def test_nobody_is_named_where_no_session_committed(folder: str, machine: Machine) -> None:
    assert machine.said(folder) == {}


def test_sessions_that_committed_nothing_changed_files(machine: Machine) -> None:
    """So that the silence above has something to be silent about."""
    for folder in WITHOUT:
        place = machine.checkouts[folder].folder
        assert any(user.sessions(place) for user in machine.users), folder
