"""All real sessions imported, and repositories in which the commits were made that are theirs."""

from collections.abc import Mapping
from pathlib import Path

from tests.integration.trail.control.credits import Checkout, User
from tests.integration.trail.control.fixtures import (
    COMMITS,
    HOMES,
    WITHOUT,
    Own,
    commit_own,
    leave_sessions,
)

Said = dict[tuple[str, str], set[int]]
"""Lines of a commit, by their file and the call that is named for them."""

AFTER = "2026-11-27T12:00:00"


class RealSessions:
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

    def said(self, folder: str) -> dict[str, Said]:
        """Return who is named for which lines of a repository, by commit, then file and call."""
        said: dict[str, Said] = {}
        for user in self.users:
            for one in user.credits(self.checkouts[folder].folder):
                lines = said.setdefault(one.commit, {}).setdefault(
                    (one.path, one.call or ""), set()
                )
                lines.update(range(one.first, one.last + 1))
        return said


def expected(lines: Mapping[str, Mapping[str, tuple[int, ...]]]) -> Said:
    return {(path, call): set(at) for path, by in lines.items() for call, at in by.items()}
