"""What `trail blame` is asked about: a file, lines of it, or a commit."""

import os
import re
from pathlib import Path

from opentraces.domain.errors import BadRequest, NoSuchFile
from opentraces.domain.slotted import frozen_dataclass
from opentraces.entrypoints.cli.trail.asking import folder_of

_LINES = re.compile(r"(.+?):([0-9]{1,9})(?:-([0-9]{1,9}))?", re.DOTALL)


@frozen_dataclass
class Meant:
    """What was typed, understood."""

    folder: Path
    """A folder of the repository that is asked: the file's, or where we stand."""

    name: str | None = None
    """The file as it was typed. None: a commit is meant."""

    first: int | None = None
    """The first line. None: all of the file."""

    last: int | None = None
    """The last line. None: all of the file."""

    def path_in(self, worktree: str) -> str:
        """Return the file relative to its worktree's root, with `/`."""
        name = (self.name or "").rstrip("/").rpartition("/")[2]
        inside = Path(os.path.realpath(self.folder)).relative_to(worktree)
        return (inside / name).as_posix()


def meant_by(typed: str) -> Meant:
    """Read what was typed: what is there is a file, `file:88` lines of one; all else is a commit.

    Raises BadRequest: it is a folder, or no such lines can be. NoSuchFile: it is not there, and can
    be no commit.
    """
    if _is_there(typed):
        return _file(typed, None, None)
    lines = _LINES.fullmatch(typed)
    if lines is None or not _is_there(lines[1]):
        if ":" in typed:
            raise NoSuchFile(f"{typed} is no file, and no lines of one → git ls-files")
        return Meant(folder_of(None))
    first = int(lines[2])
    last = first if lines[3] is None else int(lines[3])
    if not 1 <= first <= last:
        raise BadRequest(f"{typed!r} names no line: they count from 1, upwards")
    return _file(lines[1], first, last)


def _file(name: str, first: int | None, last: int | None) -> Meant:
    place = folder_of(Path(name))
    if place.is_dir():
        raise BadRequest(f"{name} is a folder → name a file in it")
    return Meant(place.parent, name, first, last)


def _is_there(name: str) -> bool:
    return os.path.lexists(folder_of(Path(name)))
