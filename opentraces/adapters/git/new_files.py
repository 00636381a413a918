"""Files written into a worktree of ours, through no link and nowhere else."""

import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from opentraces.adapters.git.tree_files import is_usual

_FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
_WRITE = os.O_WRONLY | os.O_CREAT | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC


class NewFiles:
    """The files of one worktree. Where a name is odd, or a link is in the way, OSError says so."""

    def __init__(self, root: str) -> None:
        self._root = root

    def put(self, path: bytes, data: bytes, *, is_executable: bool = False) -> None:
        """Let a file hold bytes; of one that is there, its rights stay."""
        with self._folder_of(path) as (folder, name):
            mode = 0o777 if is_executable else 0o666  # what the umask takes away is the user's
            descriptor = os.open(name, _WRITE, mode, dir_fd=folder)
            try:
                if not stat.S_ISREG(os.fstat(descriptor).st_mode):
                    raise OSError(f"{os.fsdecode(path)} is no file")
                os.ftruncate(descriptor, 0)
                rest = memoryview(data)
                while rest:
                    rest = rest[os.write(descriptor, rest) :]
            finally:
                os.close(descriptor)

    def link(self, path: bytes, target: bytes) -> None:
        """Make a link; it is never followed."""
        with self._folder_of(path) as (folder, name):
            os.symlink(target, name, dir_fd=folder)

    def folder(self, path: bytes) -> None:
        """Make an empty folder."""
        with self._folder_of(path + b"/.keep"):
            pass

    def remove(self, path: bytes) -> None:
        """Remove a file, if it is there."""
        with suppress(FileNotFoundError), self._folder_of(path) as (folder, name):
            os.unlink(name, dir_fd=folder)

    @contextmanager
    def _folder_of(self, path: bytes) -> Iterator[tuple[int, bytes]]:
        *above, name = path.split(b"/")
        if not all(is_usual(part) for part in (*above, name)):
            raise OSError(f"{os.fsdecode(path)} is no path of a checkout")
        opened = [os.open(self._root, _FOLDER)]
        try:
            for part in above:
                with suppress(FileExistsError):
                    os.mkdir(part, dir_fd=opened[-1])
                opened.append(os.open(part, _FOLDER, dir_fd=opened[-1]))
            yield opened[-1], name
        finally:
            for descriptor in opened:
                os.close(descriptor)
