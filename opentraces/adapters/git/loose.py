"""Objects that are files of their own. libgit2 never ends on one that was cut short."""

import os
import re
import zlib

from opentraces.adapters._reading.regular_files import opened
from opentraces.adapters.git.objects import Stored
from opentraces.domain.errors import SourceGone, SourceUnreadable
from opentraces.domain.trail.history import MOST_BYTES

_HEAD = re.compile(rb"(commit|tree|blob|tag) (\d{1,18})\0")
_LONGEST_HEAD = 32
_FIRST = 4096


def read_loose(folder: str, name: str) -> Stored | None:
    """Read an object of a folder of objects. None: it is damaged, or larger than `MOST_BYTES`.

    Raises SourceGone: it is no file of its own.
    """
    try:
        with opened(f"{folder}/{name[:2]}/{name[2:]}") as descriptor:
            return _inflated(descriptor)
    except SourceGone:
        raise
    except (SourceUnreadable, zlib.error):
        return None


def _inflated(descriptor: int) -> Stored | None:
    data = os.read(descriptor, _FIRST)
    head = _HEAD.match(zlib.decompressobj().decompress(data, _LONGEST_HEAD))
    if head is None or int(head[2]) > MOST_BYTES:
        return None
    size = int(head[2])
    while piece := os.read(descriptor, MOST_BYTES):
        data += piece
    inflating = zlib.decompressobj()
    text = inflating.decompress(data, head.end() + size + 1)
    is_whole = inflating.eof and len(text) == head.end() + size
    return Stored(head[1].decode("ascii"), text[head.end() :]) if is_whole else None
