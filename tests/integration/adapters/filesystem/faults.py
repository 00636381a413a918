"""What a machine may answer instead of doing what it is asked to."""

import errno
import os
from dataclasses import dataclass

CHANGES = frozenset({"create", "pwrite", "ftruncate", "rename", "link", "unlink", "mkdir", "rmdir"})
"""Kinds of operations after which the disk holds something else."""

SYNCS = frozenset({"fsync", "syncfs"})
READS = frozenset({"open", "pread", "read", "scandir", "stat"})
TAKES_ROOM = frozenset({"create", "pwrite", "mkdir", "rename", "link"})
_OPENS = frozenset({"create", "open", "open to write", "scandir"})
_READ_ONLY = CHANGES | {"open to write", "chmod"}


@dataclass(frozen=True)
class Fault:
    """One way in which an operation goes wrong."""

    name: str

    strikes: frozenset[str]
    """The kinds of operations that it can happen to."""

    number: int
    """The errno. 0: none; the operation is done by half, or somebody pressed ^C."""

    lasts: bool = False
    """Whether it also happens to all that follows; else it is over after once."""

    halves: bool = False
    """Whether half of what was to be written is written, and the machine says so."""

    def error(self) -> BaseException:
        """Return what the caller meets."""
        return (
            OSError(self.number, os.strerror(self.number)) if self.number else KeyboardInterrupt()
        )


FULL_ONCE = Fault(
    "ENOSPC once", TAKES_ROOM | SYNCS | {"ftruncate", "unlink", "rmdir"}, errno.ENOSPC
)
"""Also what never needs room, since file systems that copy on write need some to remove."""

FAULTS = (
    FULL_ONCE,
    Fault("ENOSPC from then on", TAKES_ROOM | SYNCS, errno.ENOSPC, lasts=True),
    Fault("EIO once", CHANGES | SYNCS | READS | {"open to write", "chmod"}, errno.EIO),
    Fault("EIO from then on", CHANGES | SYNCS, errno.EIO, lasts=True),
    Fault("EMFILE once", _OPENS, errno.EMFILE),
    Fault("EMFILE from then on", _OPENS, errno.EMFILE, lasts=True),
    Fault("EROFS once", _READ_ONLY, errno.EROFS),
    Fault("EROFS from then on", _READ_ONLY, errno.EROFS, lasts=True),
    Fault("EINTR", CHANGES | SYNCS, errno.EINTR),
    Fault("short write", frozenset({"pwrite"}), 0, halves=True),
    Fault("short writes from then on", frozenset({"pwrite"}), 0, lasts=True, halves=True),
    Fault("^C", CHANGES | SYNCS, 0),
)
