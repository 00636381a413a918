"""What is not committed in a worktree, as libgit2 compares it: no filter of anybody's is run."""

import os
from collections.abc import Iterator

import pygit2
from pygit2.enums import FileStatus, RepositoryOpenFlag

from opentraces.adapters._reading.regular_files import opened
from opentraces.adapters.git.library import open_library
from opentraces.domain.errors import RepositoryUnreadable, SourceUnreadable
from opentraces.ports.worktree_files import UncommittedFile, WorktreeFiles

_LARGEST = 512 * 1024
_MOST_BYTES = 3 * 1024 * 1024
_MOST_FILES = 200
_BEGIN = 8000
_GONE = FileStatus.WT_DELETED | FileStatus.INDEX_DELETED
_NOT_MEANT = FileStatus.IGNORED | FileStatus.WT_UNREADABLE | FileStatus.CONFLICTED


class GitWorktreeFiles(WorktreeFiles):
    """See WorktreeFiles. Of repositories that libgit2 cannot open, nothing is known."""

    def uncommitted(self, worktree: str, since_ns: int) -> tuple[UncommittedFile, ...]:
        """See WorktreeFiles."""
        try:
            open_library(worktree)  # reads nobody's configuration from here on, and says why not
            repository = pygit2.Repository(worktree, RepositoryOpenFlag.NO_SEARCH)
            found = tuple(_files(repository, worktree, since_ns))
        except (pygit2.GitError, KeyError, ValueError, OSError) as error:
            raise RepositoryUnreadable(f"{worktree}: {error}") from error
        return found


def _files(
    repository: pygit2.Repository, worktree: str, since_ns: int
) -> Iterator[UncommittedFile]:
    tree = None if repository.head_is_unborn else repository.head.peel(pygit2.Tree)
    held = count = 0
    for path, status in sorted(repository.status(untracked_files="all").items()):
        if status & _NOT_MEANT or status == FileStatus.CURRENT:
            continue
        committed = _committed(tree, path)
        is_gone = bool(status & _GONE) and not os.path.lexists(os.path.join(worktree, path))  # noqa: PTH118
        content = None if is_gone else _content(worktree, path, since_ns)
        if (content is None and not is_gone) or (is_gone and committed is None):
            continue
        held += len(content or b"")
        count += 1
        if held > _MOST_BYTES or count > _MOST_FILES:
            return
        yield UncommittedFile(path, content, committed)


def _content(worktree: str, path: str, since_ns: int) -> bytes | None:
    """Return what a file holds. None: it is older, too large, or no text."""
    try:
        with opened(os.path.join(worktree, path)) as descriptor:  # noqa: PTH118
            found = os.fstat(descriptor)
            if found.st_mtime_ns < since_ns or found.st_size > _LARGEST:
                return None
            content = os.read(descriptor, _LARGEST)
    except SourceUnreadable:
        return None
    return None if b"\0" in content[:_BEGIN] else content


def _committed(tree: pygit2.Tree | None, path: str) -> bytes | None:
    """Return what HEAD has of a file. None: nothing, or no text."""
    if tree is None or path not in tree:
        return None
    entry = tree[path]
    return entry.data if isinstance(entry, pygit2.Blob) and entry.size <= _LARGEST else None
