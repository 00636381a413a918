"""What Claude Code wrote of its requests and their answers, in our own folder alone."""

import os
import stat
from pathlib import Path

from opentraces.adapters.filesystem.own_folder import is_own, present
from opentraces.adapters.filesystem.tree import FILE, FOLDER
from opentraces.ports.raw_bodies import RawBodies

_LARGEST = 64 << 20
_PIECE = 1 << 20
_OF_OTHERS = 0o077


class FilesystemRawBodies(RawBodies):
    """Files right in a folder that only its owner may look into."""

    def __init__(self, folder: Path) -> None:
        """Look into `folder`; no link is followed, in its place or in it."""
        self._folder = folder

    def read(self, named: str) -> bytes | None:
        """See RawBodies."""
        folder, _, name = named.rpartition("/")
        if folder != str(self._folder) or name in ("", ".", "..") or "\0" in name:
            return None
        return present(named, lambda: self._read(name))

    def _read(self, name: str) -> bytes | None:
        folder = os.open(self._folder, FOLDER)
        try:
            found = os.fstat(folder)
            if found.st_uid != os.geteuid() or stat.S_IMODE(found.st_mode) & _OF_OTHERS:
                return None
            descriptor = os.open(name, os.O_RDONLY | FILE, dir_fd=folder)
        finally:
            os.close(folder)
        try:
            return _whole(descriptor)
        finally:
            os.close(descriptor)


def _whole(descriptor: int) -> bytes | None:
    found = os.fstat(descriptor)
    if not is_own(found) or found.st_size > _LARGEST:
        return None
    data = bytearray()
    while len(data) <= _LARGEST and (piece := os.read(descriptor, _PIECE)):
        data += piece
    return bytes(data) if len(data) <= _LARGEST else None
