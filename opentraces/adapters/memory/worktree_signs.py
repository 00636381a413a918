"""Worktrees in a dict."""

from collections.abc import Mapping

from opentraces.domain.trail.strays import made_around
from opentraces.domain.trail.worktree import WorktreeSigns
from opentraces.ports.repository import Repository
from opentraces.ports.worktree_signs import WorktreeSource


class MemoryWorktrees(WorktreeSource):
    """See WorktreeSource."""

    def __init__(
        self,
        worktrees: Mapping[str, WorktreeSigns] | None = None,
        checked_out: Mapping[str, Mapping[int, str]] | None = None,
    ) -> None:
        """`worktrees`: by the path of each root. `checked_out`: commits by moment, likewise.

        `histories` holds their repositories, likewise.
        """
        self.worktrees = dict(worktrees or {})
        self.checked_out = dict(checked_out or {})
        self.histories: dict[str, Repository] = {}
        self.gone: set[str] = set()
        """Folders in them that were removed."""
        self.asked: list[tuple[str, int | None]] = []
        """What was asked."""

    def signs(self, folder: str, moment: int | None) -> WorktreeSigns | None:
        """See WorktreeSource."""
        self.asked.append((folder, moment))
        roots = [root for root in self.worktrees if f"{folder}/".startswith(f"{root}/")]
        if not roots or folder in self.gone:
            return None
        root = max(roots, key=len)
        return self.worktrees[root].but(base_commit=self._at(root, moment))

    def former(self, folder: str) -> WorktreeSigns | None:
        """See WorktreeSource."""
        around = self.worktrees.get(made_around(folder) or "")
        if around is None or around.root_commit is None or folder in self.worktrees:
            return None
        return around.but(path=folder, branch=None, base_commit=None)

    def history(self, worktree: WorktreeSigns) -> Repository | None:
        """See WorktreeSource."""
        return self.histories.get(worktree.path)

    def _at(self, root: str, moment: int | None) -> str | None:
        log = self.checked_out.get(root, {})
        before = [at for at in log if moment is not None and at <= moment]
        return log[max(before)] if before else None
