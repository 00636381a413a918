"""What the file system of a home can do, told without writing to it."""

import errno
import fcntl
import os
import re
from collections.abc import Iterator
from pathlib import Path

from opentraces.adapters.filesystem.locks import Locks
from opentraces.adapters.filesystem.tree import FILE
from opentraces.domain.media import NO_LOCKS, lockless, unwritable
from opentraces.ports.medium import Medium

_MOUNTS = Path("/proc/self/mountinfo")
_NETWORKS = re.compile(
    r"(fuse\.)?(nfs\d?|cifs|smb\d?|smbfs|9p|afs|ceph|glusterfs|lustre|beegfs|gpfs|coda|"
    r"davfs2?|sshfs|rclone|s3fs|gcsfuse)"
)
_ESCAPED = re.compile(r"\\([0-7]{3})")


class FilesystemMedium(Medium):
    """See Medium."""

    def __init__(self, home: Path, mounts: Path = _MOUNTS) -> None:
        """Look at `home`; `mounts` is where the kernel lists what is mounted."""
        self._home = home
        self._mounts = mounts

    def refusal(self) -> str | None:
        """See Medium. Asked of the folders that are there, or of that in which they would be."""
        for folder in self._folders():
            if not os.access(folder, os.W_OK | os.X_OK):
                return unwritable(str(folder), os.strerror(_reason(folder)))
        number = _refused_lock(self._home / "state" / "locks" / Locks.BUCKET)
        return lockless(str(self._home), os.strerror(number)) if number else None

    def network(self) -> str | None:
        """See Medium. Of what is mounted at one place, the last hides the others."""
        try:
            mounts = self._mounts.read_text("utf-8", "surrogateescape").splitlines()
        except OSError:
            return None
        home = Path(os.path.realpath(self._home))
        found = [mount for mount in map(_mount, mounts) if home.is_relative_to(mount[0])]
        kind = max(enumerate(found), key=_nearness)[1][1] if found else ""
        return kind if _NETWORKS.fullmatch(kind) else None

    def _folders(self) -> Iterator[Path]:
        yield next(path for path in (self._home, *self._home.parents) if path.is_dir())
        inner = (self._home / name for name in ("bucket", "state"))
        yield from (folder for folder in inner if folder.is_dir())


def _reason(folder: Path) -> int:
    is_read_only = os.statvfs(folder).f_flag & os.ST_RDONLY
    return errno.EROFS if is_read_only else errno.EACCES


def _refused_lock(file: Path) -> int:
    """Return why a file cannot be locked by anybody; 0: it can, or is not there."""
    try:
        descriptor = os.open(file, os.O_RDWR | FILE)
    except OSError:
        return 0
    try:
        fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except OSError as error:
        return error.errno if error.errno in NO_LOCKS else 0
    finally:
        os.close(descriptor)
    return 0


def _mount(line: str) -> tuple[Path, str]:
    """Return where something is mounted, and what kind of file system it is: see proc(5)."""
    before, _, after = line.partition(" - ")
    place = _ESCAPED.sub(lambda found: chr(int(found[1], 8)), before.split(" ")[4])
    return Path(place), after.split(" ")[0]


def _nearness(numbered: tuple[int, tuple[Path, str]]) -> tuple[int, int]:
    number, (place, _) = numbered
    return len(place.parts), number
