"""The worktrees that sessions ran in."""

from collections.abc import Callable

from opentraces.domain.enrolment import Seen
from opentraces.domain.errors import BadRequest, RepositoryUnreadable
from opentraces.domain.slotted import frozen_dataclass
from opentraces.domain.trail.strays import made_around
from opentraces.domain.trail.worktree import WorktreeSigns
from opentraces.ports.checkouts import Checkouts
from opentraces.ports.repository import Repository
from opentraces.ports.repository_identity import RepositoryIdentity
from opentraces.ports.worktree_signs import WorktreeSource


@frozen_dataclass
class _Worktree:
    signs: WorktreeSigns
    repository: Repository | None
    """None: its history cannot be read."""


class GitWorktrees(WorktreeSource):
    """See WorktreeSource. What was read of a folder is kept as long as this is."""

    def __init__(
        self,
        checkouts: Checkouts,
        identity: RepositoryIdentity,
        open_repository: Callable[[str], Repository],
        is_far: Callable[[str], bool],
    ) -> None:
        """`open_repository` raises RepositoryUnreadable; `is_far`: whether a disk may be away."""
        self._checkouts = checkouts
        self._identity = identity
        self._open = open_repository
        self._is_far = is_far
        self._roots: dict[str, str | None] = {}
        self._worktrees: dict[str, _Worktree] = {}

    def signs(self, folder: str, moment: int | None) -> WorktreeSigns | None:
        """See WorktreeSource."""
        if folder not in self._roots:
            self._roots[folder] = self._look(folder)
        root = self._roots[folder]
        if root is None:
            return None
        worktree = self._worktrees[root]
        base = _checked_out(worktree.repository, moment)
        return worktree.signs.but(base_commit=base) if base else worktree.signs

    def former(self, folder: str) -> WorktreeSigns | None:
        """See WorktreeSource."""
        outer = made_around(folder)
        around = self.signs(outer, None) if outer is not None else None
        if around is None or around.path != outer or around.root_commit is None:
            return None
        if self._checkouts.is_there(folder):
            return None
        return around.but(path=folder, branch=None, base_commit=None)

    def history(self, worktree: WorktreeSigns) -> Repository | None:
        """See WorktreeSource."""
        root = worktree.path
        if root not in self._roots:
            self._roots[root] = self._look(root)
        return self._worktrees[root].repository if self._roots[root] == root else None

    def _look(self, folder: str) -> str | None:
        """Return the worktree around a folder, and remember what it says. None: there is none."""
        if not folder.startswith("/") or "\0" in folder or self._is_far(folder):
            return None
        try:
            seen = self._checkouts.around(folder)
        except (BadRequest, OSError):
            return None
        if not seen.is_repository or not seen.is_ours:
            return None
        root = seen.own.path
        if root not in self._worktrees:
            self._worktrees[root] = self._read(seen)
        return root

    def _read(self, seen: Seen) -> _Worktree:
        root = seen.own.path
        identity = self._identity.identify(_main_of(seen))
        branch, repository = None, None
        try:
            repository = self._open(root)
            branch = repository.heads().branch
        except RepositoryUnreadable:
            repository = None
        signs = WorktreeSigns(
            path=root, root_commit=identity.root_commit, remote=identity.remote, branch=branch
        )
        return _Worktree(signs, repository)


def _main_of(seen: Seen) -> str:
    """Return the checkout whose first commit is the repository's."""
    main = (seen.own.repository or "").removesuffix("/.git")
    return main if any(each.path == main for each in seen.checkouts) else seen.own.path


def _checked_out(repository: Repository | None, moment: int | None) -> str | None:
    if repository is None or moment is None:
        return None
    try:
        return repository.checked_out(moment // 1000)
    except RepositoryUnreadable:
        return None
