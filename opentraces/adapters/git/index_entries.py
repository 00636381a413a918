"""What Git's index has of a worktree, and how that differs from a commit; no file is opened."""

import os
import re
from collections.abc import Iterator

from opentraces.adapters.git.command import GitCommand
from opentraces.adapters.git.worktree_places import was_written
from opentraces.domain.errors import RepositoryUnreadable
from opentraces.domain.slotted import frozen_dataclass
from opentraces.domain.trail.history import CommitId, ObjectId

_LISTED = ("ls-files", "-z", "--cached", "--stage", "--debug")
_COMPARED = ("diff-index", "-z", "--cached", "--raw", "--no-abbrev", "--no-renames")
_PLAIN = ("--no-ext-diff", "--no-textconv", "--ignore-submodules=none")
_ENTRY = re.compile(
    rb"(\d{6}) ([0-9a-f]{40}|[0-9a-f]{64}) ([0-3])\t([^\0]+)\0"
    rb"  ctime: (\d+):(\d+)\n  mtime: (\d+):(\d+)\n  dev: \d+\tino: (\d+)\n  uid: \d+\tgid: \d+\n"
    rb"  size: (\d+)\tflags: ([0-9a-f]+)\n"
)
_ROW = re.compile(rb":(\d{6}) (\d{6}) ([0-9a-f]+) ([0-9a-f]+) ([A-Z])")
_SUBMODULE = b"160000"
_NOTHING = b"000000"
_LATER_ADDED = 1 << 29
_NOT_CHECKED_OUT = 1 << 30
_HALF = 2**32
_SECOND = 1_000_000_000


@frozen_dataclass
class Entry:
    """A file in the index, as it was when Git looked at it last."""

    blob: ObjectId
    """Its content."""

    mtime_ns: int
    """When it was written, in nanoseconds since 1970."""

    ctime_ns: int
    """When its place on the disk was last changed, likewise."""

    inode: int
    """The lower half of its number."""

    size: int
    """The lower half of its length; 0, too: Git does not trust the rest."""

    is_merged: bool = True
    """Whether there is one content, and no conflict."""

    is_added_later: bool = False
    """Whether it only says that a file will be added."""

    is_checked_out: bool = True
    """Whether the worktree is to have it at all."""

    def is_as_noted(self, found: os.stat_result, index: os.stat_result) -> bool:
        """Whether a file is what Git has noted of it, so that it holds the same."""
        return (
            self.is_merged
            and self.size == found.st_size % _HALF
            and self.inode == found.st_ino % _HALF
            and _is_time(self.mtime_ns, found.st_mtime_ns)
            and _is_time(self.ctime_ns, found.st_ctime_ns)
            and _is_before(self.mtime_ns, index.st_mtime_ns)
        )


class Index:
    """The index of one worktree."""

    def __init__(self, git: GitCommand, worktree: str, git_dir: str) -> None:
        self._git = git
        self._worktree = worktree
        self.file = _look(f"{git_dir}/index")
        """The file itself."""

    def was_written(self, since_ns: int) -> bool:
        """Whether anything may have been staged since a moment."""
        return was_written(self.file, since_ns)

    def entries(self) -> dict[bytes, Entry]:
        """Return what it has, by path; submodules apart. Raises RepositoryUnreadable."""
        said = self._asked(*_LISTED)
        found: dict[bytes, Entry] = {}
        end = 0
        for row in _ENTRY.finditer(said):
            if row.start() != end:
                break
            end = row.end()
            if row[1] != _SUBMODULE:
                found[row[4]] = _entry(row)
        if end != len(said):
            raise RepositoryUnreadable(f"{self._worktree}: git lists its index in another form")
        return found

    def differences(self, commit: CommitId) -> dict[bytes, ObjectId | None]:
        """Return where it has other contents than a commit, with the commit's; None: none.

        Raises RepositoryUnreadable.
        """
        parts = self._asked(*_COMPARED, *_PLAIN, commit, "--").split(b"\0")
        found: dict[bytes, ObjectId | None] = {}
        for row, path in zip(parts[::2], parts[1::2], strict=False):
            said = _ROW.fullmatch(row)
            if said and _SUBMODULE not in said.group(1, 2) and said[3] != said[4]:
                is_there = said[1] != _NOTHING
                found[path] = ObjectId(said[3].decode("ascii")) if is_there else None
        return found

    def others(self) -> Iterator[bytes]:
        """Yield what it has not and Git does not ignore; a repository as a folder with `/`.

        Raises RepositoryUnreadable.
        """
        said = self._asked("ls-files", "-z", "--others", "--exclude-standard")
        yield from (path for path in said.split(b"\0") if path)

    def _asked(self, *arguments: str) -> bytes:
        answer = self._git.run(self._worktree, arguments)
        if answer.output is None:
            said = answer.said or "git cannot read it"
            raise RepositoryUnreadable(f"{self._worktree}: {said}")
        return answer.output


def _entry(row: re.Match[bytes]) -> Entry:
    changed, changed_ns, written, written_ns, inode, size = map(int, row.groups()[4:10])
    flags = int(row[11], 16)
    return Entry(
        blob=ObjectId(row[2].decode("ascii")),
        mtime_ns=written * _SECOND + written_ns,
        ctime_ns=changed * _SECOND + changed_ns,
        inode=inode,
        size=size,
        is_merged=row[3] == b"0",
        is_added_later=bool(flags & _LATER_ADDED),
        is_checked_out=not flags & _NOT_CHECKED_OUT,
    )


def _look(path: str) -> os.stat_result:
    try:
        return os.lstat(path)
    except OSError:
        return os.stat_result((0,) * 10)


def _is_time(noted: int, found: int) -> bool:
    """Whether a time is the one that Git noted: some note whole seconds."""
    return found - found % _SECOND == noted if noted % _SECOND == 0 else found == noted


def _is_before(noted: int, index: int) -> bool:
    """Whether a file was written before the index, so that a later change shows in its time."""
    return noted // _SECOND < index // _SECOND if noted % _SECOND == 0 else noted < index
