"""What is said of a medium that cannot do what a home needs: where it is, why, and what to do."""

import errno
from typing import Final

NO_LOCKS: Final = frozenset(
    (errno.ENOLCK, errno.EOPNOTSUPP, errno.ENOTSUP, errno.ENOSYS, errno.EINVAL, errno.EBADF)
)
"""How a file system says that it has no locks; some networks' have them for other calls only."""

NO_MAPS: Final = frozenset((errno.ENODEV, errno.EINVAL, errno.EOPNOTSUPP, errno.ENOSYS))
"""How a file system says that its files cannot be mapped into memory."""

NO_FOLDER_SYNC: Final = frozenset((errno.EINVAL, errno.EBADF, errno.EOPNOTSUPP, errno.ENOSYS))
"""How a file system says that it knows no request to make a folder's names durable.

It keeps names in an order of its own; what is in the files can still be made durable.
"""

NO_MODES: Final = frozenset((errno.EPERM, errno.EOPNOTSUPP, errno.ENOSYS, errno.EINVAL))
"""How a file system says that all files have the permissions it was mounted with."""

UNWRITABLE: Final = frozenset((errno.EROFS, errno.EACCES, errno.EPERM))
"""How a medium, or its owner, says that nothing may be changed."""

_LOCAL: Final = "→ keep it on a local file system; OPENTRACES_HOME names the home"


def unwritable(place: str, reason: str) -> str:
    """Say that nothing can be written to a folder."""
    return (
        f"{place} cannot be written to: {reason} "
        "→ make it writable, or set OPENTRACES_HOME to another folder"
    )


def lockless(place: str, reason: str) -> str:
    """Say that nothing is written to a folder: only locks keep those apart who write."""
    return f"{place} cannot be written to: its file system has no locks ({reason}) {_LOCAL}"


def unsearchable(place: str, reason: str) -> str:
    """Say that an index cannot be locked while it is opened, not even by way of another folder."""
    return f"{place} cannot be searched: no file can be locked ({reason}) {_LOCAL}"


def unmappable(place: str, reason: str) -> str:
    """Say that an index is of no use where it is."""
    return f"{place} cannot be searched: its file system maps no files ({reason}) {_LOCAL}"
