"""What the machine refused to tantivy, which has but one class of errors for it and for damage."""

import errno
import os
import re
from pathlib import Path

from opentraces.domain.errors import StorageUnavailable
from opentraces.domain.media import NO_MAPS, unmappable, unsearchable

_NUMBER = re.compile(r"Os \{ code: (\d+)")
_LOCK = "Failed to acquire Lockfile: IoError"
_DAMAGE = (errno.ENOENT, errno.EIO)
"""A file is gone, or cannot be read: an index that is made anew is a way out."""


def refusal(error: ValueError, folder: Path) -> StorageUnavailable | None:
    """Return what the machine refused. None: the files are not what they should be."""
    found = _NUMBER.search(str(error))
    if found is None or int(found[1]) in _DAMAGE:
        return None
    number = int(found[1])
    reason = os.strerror(number)
    if is_refused_lock(error):
        return StorageUnavailable(unsearchable(str(folder), reason))
    if number in NO_MAPS:
        return StorageUnavailable(unmappable(str(folder), reason))
    return StorageUnavailable(f"{folder}: {reason}")


def is_refused_lock(error: ValueError) -> bool:
    """Whether tantivy could not make or take the lock of its own."""
    return _LOCK in str(error)
