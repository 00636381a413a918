"""What is not committed in worktrees, in a dict."""

from opentraces.domain.errors import RepositoryUnreadable
from opentraces.ports.worktree_files import UncommittedFile, WorktreeFiles


class MemoryWorktreeFiles(WorktreeFiles):
    """`committed` and `files` are what a repository and its worktree hold, by worktree."""

    def __init__(self) -> None:
        self.committed: dict[str, dict[str, bytes]] = {}
        self.files: dict[str, dict[str, tuple[bytes, int]]] = {}
        """What each file holds, and when it was written, in nanoseconds since 1970."""

    def uncommitted(self, worktree: str, since_ns: int) -> tuple[UncommittedFile, ...]:
        """See WorktreeFiles."""
        if worktree not in self.committed:
            raise RepositoryUnreadable(f"{worktree} is no worktree")
        committed, files = self.committed[worktree], self.files.get(worktree, {})
        found = []
        for path in sorted({*committed, *files}):
            content, written = files.get(path, (None, 0))
            is_meant = content is None or (written >= since_ns and _is_text(content))
            if is_meant and content != committed.get(path):
                found.append(UncommittedFile(path, content, committed.get(path)))
        return tuple(found)


def _is_text(content: bytes) -> bool:
    return b"\0" not in content and len(content) <= 512 * 1024
