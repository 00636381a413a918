"""Checkouts as folders."""

import os
from pathlib import Path

from opentraces.adapters.filesystem.checkouts import worktrees_named
from opentraces.adapters.filesystem.repositories import (
    checkout_above,
    is_ours,
    named_repository,
    worktrees_to_list,
)
from opentraces.domain.enrolment import Checkout, Seen
from opentraces.domain.errors import BadRequest
from opentraces.ports.checkouts import Checkouts

_BARE = ("HEAD", "objects", "refs")


class FilesystemCheckouts(Checkouts):
    """See Checkouts."""

    def around(self, folder: str) -> Seen:
        """See Checkouts."""
        start = Path(os.path.realpath(folder))
        if not start.is_dir():
            raise BadRequest(f"{folder} is no folder")
        own = checkout_above(start)
        _refuse_bare(start, own)
        if own is None:
            return Seen((Checkout(str(start)),), is_repository=False, is_ours=is_ours(start))
        repository = named_repository(own)
        if repository is None:
            return Seen((Checkout(str(own)),), is_ours=is_ours(own))
        found = repository.stat()
        return Seen(
            tuple(
                Checkout(str(path), str(repository), found.st_dev, found.st_ino)
                for path in worktrees_to_list(own)
            ),
            is_ours=is_ours(own) and is_ours(repository),
        )

    def gone(self, folder: str) -> tuple[str, ...]:
        """See Checkouts."""
        own = checkout_above(Path(folder))
        repository = named_repository(own) if own is not None else None
        if repository is None or not is_ours(repository):
            return ()
        named = (str(path) for path in worktrees_named(repository))
        return tuple(sorted(path for path in named if "\n" not in path and not self.is_there(path)))

    def is_there(self, path: str) -> bool:
        """See Checkouts."""
        return os.path.lexists(path)


def _refuse_bare(start: Path, own: Path | None) -> None:
    for place in (start, *start.parents):
        if place == own:
            return
        is_bare = all(os.path.lexists(place / name) for name in _BARE)
        if is_bare and (own is None or place != own / ".git"):
            raise BadRequest(f"{place} is a bare repository: enrol a worktree of it")
