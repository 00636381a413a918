"""Who may look at what we keep, by the modes of files and folders. No link is followed."""

import os
import stat
from collections.abc import Collection, Iterable, Iterator
from itertools import chain, islice
from pathlib import Path
from typing import NamedTuple

from opentraces.adapters.filesystem.home import OURS, RESUMED
from opentraces.adapters.filesystem.layout import FOREIGN
from opentraces.adapters.filesystem.tree import FILE, FOLDER, names_in, translated
from opentraces.ports.privacy import Privacy

_MOST = 100
_OF_OTHERS = 0o077
_OF_OWNER = 0o700
_TO_LOOK = stat.S_IROTH | stat.S_IXOTH
_GONE = (FileNotFoundError, NotADirectoryError)


class _Entry(NamedTuple):
    """A file or folder, by the descriptor of the folder it is in."""

    parent: int
    name: str
    path: str
    mode: int


class FilesystemPrivacy(Privacy):
    """See Privacy. A home that holds another program's bucket is not ours."""

    def __init__(self, home: Path, sessions: tuple[Path, ...]) -> None:
        """Look into `home`, and at folders of `sessions` of agents."""
        self._home = home
        self._sessions = sessions

    def exposed(self) -> tuple[str, ...]:
        """See Privacy."""
        with translated(str(self._home)):
            return tuple(islice((entry.path for entry in self._exposed()), _MOST))

    def close(self) -> int:
        """See Privacy. From the outside in: what is closed first keeps others from the rest."""
        closed = 0
        with translated(str(self._home)):
            for entry in self._exposed():
                with translated(entry.path):
                    _close(entry)
                closed += 1
        return closed

    def open_to_others(self) -> tuple[str, ...]:
        """See Privacy."""
        return tuple(str(folder) for folder in self._sessions if _may_be_looked_into(folder))

    def _exposed(self) -> Iterator[_Entry]:
        if os.path.lexists(self._home / "bucket" / FOREIGN):
            return
        try:
            root = os.open(self._home, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        except _GONE:
            return
        try:
            home = _Entry(root, ".", str(self._home), os.fstat(root).st_mode)
            every = chain([home], _below(root, home.path, OURS, (RESUMED,)))
            yield from (entry for entry in every if entry.mode & _OF_OTHERS)
        finally:
            os.close(root)


def _below(
    parent: int, path: str, names: Iterable[str], closed: Collection[str] = ()
) -> Iterator[_Entry]:
    """Yield what is in an open folder, each folder before what is in it; not what `closed` hold."""
    for name in names:
        try:
            mode = os.stat(name, dir_fd=parent, follow_symlinks=False).st_mode
        except _GONE:
            continue
        if stat.S_ISREG(mode) or stat.S_ISDIR(mode):
            yield _Entry(parent, name, f"{path}/{name}", mode)
        if stat.S_ISDIR(mode) and name not in closed:
            yield from _inside(parent, name, f"{path}/{name}")


def _inside(parent: int, name: str, path: str) -> Iterator[_Entry]:
    try:
        folder = os.open(name, FOLDER, dir_fd=parent)
    except _GONE:
        return
    try:
        yield from _below(folder, path, names_in(folder))
    finally:
        os.close(folder)


def _close(entry: _Entry) -> None:
    descriptor = os.open(entry.name, os.O_RDONLY | FILE, dir_fd=entry.parent)
    try:
        os.fchmod(descriptor, entry.mode & _OF_OWNER)
    finally:
        os.close(descriptor)


def _may_be_looked_into(folder: Path) -> bool:
    """Whether others reach a folder, and may list or enter it."""
    try:
        real = Path(os.path.realpath(folder, strict=True))
        is_reached = all(above.stat().st_mode & stat.S_IXOTH for above in real.parents)
        return is_reached and real.is_dir() and bool(real.stat().st_mode & _TO_LOOK)
    except OSError:
        return False
