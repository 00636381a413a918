"""The repository a session worked in, as it was seen when the session was kept."""

from opentraces.domain.frozen import Frozen


class WorktreeSigns(Frozen):
    """Which worktree the session began in, and where its history stood then."""

    path: str
    """The worktree's root: absolute, without symbolic links."""

    root_commit: str | None = None
    """Full id of the repository's first commit: the same in every worktree and clone. None: not
    known (shallow, no commit yet, not readable)."""

    remote: str | None = None
    """Where it was cloned from, as `remotes.plain_remote` writes it. None: nowhere, not known."""

    base_commit: str | None = None
    """Full id of the commit that was checked out when the session began, as its own lines or the
    reflog of HEAD tell. None: neither does, or there was no commit yet."""

    branch: str | None = None
    """The branch that was checked out when it was kept first. None: detached, or not known."""

    @property
    def key(self) -> str:
        """Return what names the repository in a trail: see `repository_key`."""
        return repository_key(self.root_commit, self.path)


def repository_key(root_commit: str | None, path: str) -> str:
    """Name a repository: by its first commit, or else by where it is."""
    return root_commit or path
