"""What can happen to a file: every kind of damage, to every run of bytes of every file."""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from opentraces.domain.errors import TraceNotFound
from opentraces.domain.ids import TraceId
from tests.integration.adapters.filesystem.on_disk import traces_of

KINDS = ("bit", "short", "cut", "zeros", "empty", "missing", "link", "folder")


@dataclass(frozen=True)
class Harm:
    """One damage to one file."""

    name: str
    """The file, relative to the bucket."""
    kind: str
    """One of KINDS."""
    place: int = 0
    """Of a flipped bit: in which byte."""

    @property
    def file(self) -> str:
        return self.name.rpartition("/")[2]

    @property
    def trace(self) -> TraceId | None:
        """The trace in whose folder it is."""
        parts = self.name.split("/")
        return TraceId(parts[3]) if parts[0] == "traces" else None

    def do(self, bucket: Path) -> None:
        """Do it."""
        path = bucket / self.name
        whole = path.read_bytes()
        if self.kind == "bit":
            path.write_bytes(flipped(whole, self.place))
        elif self.kind == "zeros":
            path.write_bytes(whole[: len(whole) // 2].ljust(len(whole), b"\0"))
        elif self.kind in ("short", "cut", "empty"):
            os.truncate(path, {"short": len(whole) - 1, "cut": len(whole) // 2}.get(self.kind, 0))
        else:
            path.unlink()
        if self.kind == "link":
            elsewhere = bucket.parent / "elsewhere"
            elsewhere.write_bytes(whole)
            path.symlink_to(elsewhere)
        elif self.kind == "folder":
            path.mkdir()
            (path / "in it").write_bytes(whole)


def flipped(data: bytes, place: int) -> bytes:
    """Return bytes with one bit flipped, in one byte."""
    return data[:place] + bytes((data[place] ^ 1 << place % 8,)) + data[place + 1 :]


def harms(home: Path, kind: str) -> Iterator[Harm]:
    """Yield the damages of one kind to every file of a bucket."""
    bucket = home / "bucket"
    for path in sorted(path for path in bucket.rglob("*") if path.is_file()):
        name = str(path.relative_to(bucket))
        places = _places(home, name, path.stat().st_size) if kind == "bit" else (0,)
        yield from (Harm(name, kind, place) for place in places)


def _places(home: Path, name: str, size: int) -> Iterator[int]:
    """Yield a byte in each run of a file; of one without runs, some all over it."""
    offset = 0
    for length in _runs(home, name) or [size // 7] * 7:
        yield offset + length // 2
        offset += length


def _runs(home: Path, name: str) -> list[int]:
    """Return the stored lengths of a companion's runs; of other files, none."""
    folder, _, file = name.rpartition("/")
    try:
        files = traces_of(home).envelope(TraceId(folder.rpartition("/")[2])).files
    except TraceNotFound:
        return []
    return [member.stored for member in files[file].members] if file in files else []
