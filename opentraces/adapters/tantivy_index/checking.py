"""Whether each file of an index holds what tantivy wrote: every byte is read.

A file ends in a footer: JSON with the engine's version and the CRC-32 of all bytes before it, then
the length of that JSON and a magic number.
"""

import zlib
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from opentraces.adapters.tantivy_index.files import MAGIC, META, listed_files
from opentraces.adapters.tantivy_index.regular import NoFile, content, opened
from opentraces.adapters.tantivy_index.sealing import broken_seals
from opentraces.domain.ids import read_json

_PIECE = 1 << 20
_LENGTH = 4
_TAIL = _LENGTH + len(MAGIC)
_CRC = b',"crc":'


def damaged_files(folder: Path) -> Iterator[str]:
    """Yield the names of the files that are not as they were written.

    One engine wrote all files, so a footer that names another one is damaged, too.
    """
    broken = list(broken_seals(folder))
    yield from broken
    try:
        names = listed_files(read_json(content(folder / META)))
    except (FileNotFoundError, KeyError, TypeError, ValueError):
        yield from () if META in broken else (META,)
        return
    engines = {name: _engine(folder / name) for name in names}
    usual, _ = Counter(engines.values()).most_common(1)[0] if engines else (b"", 0)
    yield from (name for name, engine in engines.items() if not engine or engine != usual)


def _engine(path: Path) -> bytes:
    """Return what a file's footer says of the engine; empty: the file is damaged."""
    try:
        with opened(path) as file:
            size = file.seek(0, 2)
            file.seek(max(size - _TAIL, 0))
            tail = file.read(_TAIL)
            body = size - len(tail) - int.from_bytes(tail[:_LENGTH], "little")
            if body < 0 or tail[_LENGTH:] != MAGIC:
                return b""
            file.seek(0)
            crc = _crc(file, body)
            engine, _, said = file.read(size - len(tail) - body).partition(_CRC)
            return engine if said == b"%d}" % crc else b""
    except (FileNotFoundError, NoFile):
        return b""


def _crc(file: BinaryIO, length: int) -> int:
    """Return the checksum of the next bytes."""
    crc = 0
    while length and (piece := file.read(min(length, _PIECE))):
        crc = zlib.crc32(piece, crc)
        length -= len(piece)
    return crc
