"""Worktrees beside their commits, in a dict."""

from opentraces.domain.errors import RepositoryUnreadable
from opentraces.domain.slotted import frozen_dataclass
from opentraces.domain.trail.start import DirtyFile, Standing, StartState, WrittenFile
from opentraces.ports.worktree_files import CommittedFile, UncommittedFile, WorktreeFiles


@frozen_dataclass
class MadeCommit:
    """A commit that was made in a worktree."""

    at_ns: int
    """When, in nanoseconds since 1970."""

    files: dict[str, bytes]
    """All that it has, by path."""

    before: dict[str, bytes]
    """What was checked out before."""


class MemoryWorktreeFiles(WorktreeFiles):
    """`committed` and `files` are what a repository and its worktree hold, by worktree."""

    def __init__(self) -> None:
        self.committed: dict[str, dict[str, bytes]] = {}
        self.files: dict[str, dict[str, tuple[bytes, int]]] = {}
        """What each file holds, and when it was written, in nanoseconds since 1970."""
        self.made: dict[str, list[MadeCommit]] = {}
        """What was committed there, in the order of time."""

    def uncommitted(self, worktree: str, since_ns: int) -> tuple[UncommittedFile, ...]:
        """See WorktreeFiles."""
        committed, files = self._held(worktree)
        found = []
        for path in sorted({*committed, *files}):
            content, written = files.get(path, (None, 0))
            is_meant = content is None or (written >= since_ns and _is_text(content))
            if is_meant and content != committed.get(path):
                found.append(UncommittedFile(path, content, committed.get(path)))
        return tuple(found)

    def newly_committed(self, worktree: str, since_ns: int) -> tuple[CommittedFile, ...]:
        """See WorktreeFiles. What is not there any more went since."""
        _, files = self._held(worktree)
        return tuple(
            CommittedFile(path, new, old, made.at_ns // 1_000_000_000)
            for made in self.made.get(worktree, ())
            if made.at_ns >= since_ns
            for path in sorted({*made.files, *made.before})
            for new, old in [(made.files.get(path), made.before.get(path))]
            if new != old and (path not in files or files[path][1] >= since_ns)
            if _is_text(new or b"") and _is_text(old or b"")
        )

    def standing(self, worktree: str, since_ns: int) -> Standing:
        """See WorktreeFiles. What is not there any more was gone before."""
        committed, files = self._held(worktree)
        made = [each for each in self.made.get(worktree, ()) if each.at_ns >= since_ns]
        committed = made[0].before if made else committed
        dirty, written = list[DirtyFile](), list[WrittenFile]()
        for path in sorted({*committed, *files}):
            before, (content, at) = committed.get(path), files.get(path, (None, 0))
            if content is not None and at >= since_ns:
                written.append(WrittenFile(path, before))
            elif content != before:
                dirty.append(DirtyFile(path=path, state=_state(content, before)))
        return Standing(None, tuple(dirty), tuple(written))

    def _held(self, worktree: str) -> tuple[dict[str, bytes], dict[str, tuple[bytes, int]]]:
        if worktree not in self.committed:
            raise RepositoryUnreadable(f"{worktree} is no worktree")
        return self.committed[worktree], self.files.get(worktree, {})


def _state(content: bytes | None, before: bytes | None) -> StartState:
    if before is None:
        return "untracked"
    return "deleted" if content is None else "modified"


def _is_text(content: bytes) -> bool:
    return b"\0" not in content and len(content) <= 512 * 1024
