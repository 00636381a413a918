"""Which folders are on another machine's disk, as far as the system knows without asking it."""

from collections.abc import Iterator
from pathlib import Path

_TABLE = Path("/proc/self/mountinfo")
_FAR = frozenset(("afs", "autofs", "ceph", "cifs", "davfs", "fuse.davfs2", "fuse.glusterfs"))
_FAR |= frozenset(("fuse.rclone", "fuse.sshfs", "glusterfs", "lustre", "ncpfs", "nfs", "nfs4"))
_FAR |= frozenset(("smb3", "smbfs"))


class Mounts:
    """The file systems that are mounted, as they were when this was made."""

    def __init__(self, home: str, table: Path = _TABLE) -> None:
        """`home`: a folder of the user's that has to be there in any case."""
        self._mounts = dict(_mounts(table))
        self._home = self._mount_of(home)

    def is_far(self, folder: str) -> bool:
        """Whether a folder is on another machine's disk, which may be away: asking it may hang.

        False where the home is on that disk, too, or where the system does not tell.
        """
        mount = self._mount_of(folder)
        return mount != self._home and self._mounts.get(mount) in _FAR

    def _mount_of(self, folder: str) -> str:
        around = (mount for mount in self._mounts if f"{folder}/".startswith(_below(mount)))
        return max(around, key=len, default="")


def _mounts(table: Path) -> Iterator[tuple[str, str]]:
    """Yield where each file system is mounted, and its type; a later one covers an earlier."""
    try:
        lines = table.read_text("utf-8", "surrogateescape").splitlines()
    except OSError:
        return
    for line in lines:
        fields, _, rest = line.partition(" - ")
        place = fields.split(" ")[4:5]
        if place and rest:
            yield _unescaped(place[0]), rest.split(" ")[0]


def _unescaped(text: str) -> str:
    for code, character in (("\\040", " "), ("\\011", "\t"), ("\\012", "\n"), ("\\134", "\\")):
        text = text.replace(code, character)
    return text


def _below(mount: str) -> str:
    return f"{mount.rstrip('/')}/"
