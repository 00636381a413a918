"""Checkouts in memory."""

from collections.abc import Iterable
from dataclasses import replace
from pathlib import PurePosixPath

from opentraces.domain.enrolment import Checkout, Seen
from opentraces.domain.errors import BadRequest
from opentraces.ports.checkouts import Checkouts


class MemoryCheckouts(Checkouts):
    """Given folders, with the checkouts of one repository beside each other.

    `put` and `take_away` are what a user does to them meanwhile.
    """

    def __init__(self, folders: Iterable[str] = (), bare: Iterable[str] = ()) -> None:
        """`folders` are plain ones, `bare` are repositories without files."""
        self._folders = {*folders}
        self._bare = {*bare}
        self._checkouts: dict[str, Checkout] = {}
        self._foreign: set[str] = set()
        self._named: dict[str, str | None] = {}

    def put(self, *checkouts: Checkout, is_ours: bool = True) -> None:
        """Make checkouts."""
        for checkout in checkouts:
            self._checkouts[checkout.path] = checkout
            if not is_ours:
                self._foreign.add(checkout.path)

    def take_away(self, path: str) -> None:
        """Remove a checkout, or a folder; its repository goes on naming it."""
        gone = self._checkouts.pop(path, None)
        if gone is not None:
            self._named[path] = gone.repository
        self._folders.discard(path)

    def around(self, folder: str) -> Seen:
        """See Checkouts."""
        above = (folder, *map(str, PurePosixPath(folder).parents))
        for path in above:
            if path in self._bare:
                raise BadRequest(f"{path} is a bare repository")
            if path in self._checkouts:
                own = self._checkouts[path]
                return Seen((own, *self._beside(own)), is_ours=path not in self._foreign)
        if not any(
            each == folder or each.startswith(f"{folder.rstrip('/')}/") for each in self._folders
        ):
            raise BadRequest(f"{folder} is no folder")
        return Seen((Checkout(folder),), is_repository=False)

    def gone(self, folder: str) -> tuple[str, ...]:
        """See Checkouts."""
        try:
            seen = self.around(folder)
        except BadRequest:
            return ()
        repository = seen.own.repository if seen.is_ours else None
        named = (
            path for path, of in self._named.items() if repository is not None and of == repository
        )
        return tuple(sorted(path for path in named if not self.is_there(path)))

    def is_there(self, path: str) -> bool:
        """See Checkouts."""
        return path in {*self._folders, *self._checkouts, *self._bare}

    def _beside(self, own: Checkout) -> Iterable[Checkout]:
        for path, other in sorted(self._checkouts.items()):
            is_same = own.repository is not None and own.repository == other.repository
            if path != own.path and is_same and path not in self._foreign and "\n" not in path:
                yield replace(other, device=own.device, inode=own.inode)
