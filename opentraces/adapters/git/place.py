"""Where a repository's parts are."""

import os

from opentraces.adapters._reading.regular_files import opened
from opentraces.domain.errors import SourceUnreadable
from opentraces.domain.slotted import frozen_dataclass

_LONGEST = 8192
_MOST_SHALLOW = 16 * 1024 * 1024


@frozen_dataclass
class Place:
    """One repository, as one checkout has it."""

    checkout: str
    """The folder that was asked for."""

    git_dir: str
    """What is this checkout's own: HEAD and its reflog."""

    common_dir: str
    """What all worktrees share: objects and branches."""

    object_format: str = "sha1"
    """Or `sha256`."""

    @property
    def has_files(self) -> bool:
        """Whether files are checked out there; a bare repository has none."""
        return os.path.lexists(os.path.join(self.checkout, ".git"))  # noqa: PTH118

    @property
    def objects(self) -> str:
        """The folder of the objects."""
        return f"{self.common_dir}/objects"

    @property
    def shallow(self) -> bytes:
        """The commits whose parents were not fetched, as Git lists them."""
        return read_small(f"{self.common_dir}/shallow", _MOST_SHALLOW)


def common_dir(git_dir: str) -> str:
    """Return the folder that a checkout's own one names as shared, or itself."""
    line = read_small(f"{git_dir}/commondir", _LONGEST).strip()
    return os.path.realpath(os.path.join(git_dir, os.fsdecode(line))) if line else git_dir  # noqa: PTH118


def read_small(path: str, most: int) -> bytes:
    """Return the first bytes of a regular file. Empty: there is none, or it cannot be read."""
    try:
        with opened(path) as descriptor:
            return os.read(descriptor, most)
    except SourceUnreadable:
        return b""
