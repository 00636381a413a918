"""Every entry of a commit's files, as a checkout has them."""

import re
from collections.abc import Iterator
from enum import Enum

from opentraces.adapters.git.objects import Objects
from opentraces.domain.slotted import frozen_dataclass

_ENTRIES = {
    40: re.compile(rb"(\d{1,7}) ([^\0]+)\0(.{20})", re.DOTALL),
    64: re.compile(rb"(\d{1,7}) ([^\0]+)\0(.{32})", re.DOTALL),
}
_DEEPEST = 500


class Kind(Enum):
    """What stands at a path of a checkout."""

    FILE = 0o100000
    LINK = 0o120000
    REPOSITORY = 0o160000
    MISSING = 0


@frozen_dataclass
class Entry:
    """One path."""

    path: bytes
    """From the root."""

    kind: Kind
    """What stands there; MISSING: a list of files that is not on this machine, or an odd name."""

    name: str
    """Id of its content; of a repository, of the commit in it."""

    is_executable: bool = False
    """Whether the file is a program."""


def entries(objects: Objects, tree: str) -> Iterator[Entry]:
    """Yield every path below a tree."""
    left = [(b"", tree, 0)]
    while left:
        folder, name, depth = left.pop()
        stored = objects.read(name) if depth <= _DEEPEST else None
        if stored is None or stored.kind != "tree":
            yield Entry(folder or b"/", Kind.MISSING, name)
            continue
        for digits, part, raw in _ENTRIES[len(name)].findall(stored.data):
            mode, path = int(digits, 8), folder + part
            if not is_usual(part):
                yield Entry(path, Kind.MISSING, raw.hex())
            elif mode & 0o170000 == 0o040000:
                left.append((path + b"/", raw.hex(), depth + 1))
            else:
                yield Entry(path, _kind(mode), raw.hex(), bool(mode & 0o100))


def is_usual(part: bytes) -> bool:
    """Whether a checkout may have a file or folder of this name: none leads out of it."""
    return part.lower() not in (b"", b".", b"..", b".git") and b"/" not in part


def _kind(mode: int) -> Kind:
    try:
        return Kind(mode & 0o170000)
    except ValueError:
        return Kind.MISSING
