"""How far each trace was read: one compressed file a trace."""

from contextlib import closing
from pathlib import Path
from typing import Any

import orjson
import zstandard

from opentraces.adapters.filesystem.durable import Folder
from opentraces.adapters.filesystem.locks import Locks
from opentraces.adapters.filesystem.tree import Tree
from opentraces.domain.errors import Corrupt, StorageUnavailable
from opentraces.domain.ids import TraceId, digest
from opentraces.domain.progress import Progress, SourceProgress
from opentraces.ports.progress import ProgressStore

_FORMAT = b"opentraces.progress/2 "
_HEAD = len(_FORMAT) + 16
_LOCK = "progress"
_LEVEL = 1  # the parser states of long sessions: twice as fast as level 3, 2 % larger


class FilesystemProgress(ProgressStore):
    """`state/progress/<2 hex>/<trace_id>`: the format, the digest of a zstd frame, the frame.

    The frame holds one line of JSON, then the parser states, end to end.
    """

    def __init__(self, state: Path) -> None:
        """Keep progress in `state`."""
        self._state = state
        self._locks = Locks(state)

    def load(self, trace: TraceId) -> Progress | None:
        """See ProgressStore."""
        try:
            stored = Tree(self._state).read(f"{_folder(trace)}/{trace}") or b""
        except (Corrupt, StorageUnavailable):
            return None  # derived: whatever cannot be read is as good as absent
        frame = stored[_HEAD:]
        if stored[:_HEAD] != _head(frame):
            return None
        head, _, states = zstandard.ZstdDecompressor().decompress(frame).partition(b"\n")
        try:
            return _progress(orjson.loads(head), states)
        except (KeyError, TypeError, ValueError):
            return None  # another release says it in another way

    def save(self, trace: TraceId, progress: Progress) -> None:
        """See ProgressStore."""
        frame = zstandard.ZstdCompressor(level=_LEVEL).compress(_plain(progress))
        # The lock keeps others from the temporary name, so that what is left of it is one file.
        with (
            closing(self._locks.hold(_LOCK, wait=True)),
            closing(Folder(self._state, _folder(trace))) as folder,
        ):
            folder.write(f"{trace}.tmp", _head(frame) + frame)
            folder.rename(f"{trace}.tmp", trace)

    def forget(self, trace: TraceId) -> None:
        """See ProgressStore."""
        with closing(Folder(self._state, _folder(trace))) as folder:
            folder.remove(trace)


def _folder(trace: TraceId) -> str:
    return f"progress/{trace[:2]}"


def _head(frame: bytes) -> bytes:
    return _FORMAT + digest(frame).encode()


def _plain(progress: Progress) -> bytes:
    sources = progress.sources.items()
    head = {
        "release": progress.release,
        "steps_generation": progress.steps_generation,
        "steps_length": progress.steps_length,
        "steps": progress.steps,
        "moment": progress.moment,
        "source": progress.source,
        "sources": [[n, one.consumed, len(one.state), one.numbers] for n, one in sources],
        "stamps": progress.stamps,
        "looked": sorted(progress.looked),
    }
    return b"".join([orjson.dumps(head), b"\n", *(one.state for _, one in sources)])


def _progress(fields: dict[str, Any], states: bytes) -> Progress:
    sources, start = {}, 0
    for number, consumed, length, numbers in fields["sources"]:
        sources[number] = SourceProgress(consumed, states[start : start + length], numbers)
        start += length
    return Progress(
        steps_generation=fields["steps_generation"],
        steps_length=fields["steps_length"],
        release=fields["release"],
        steps=fields["steps"],
        moment=fields["moment"],
        source=fields["source"],
        sources=sources,
        stamps=fields["stamps"],
        looked=frozenset(fields["looked"]),
    )
