"""How far each trace was read: one compressed file a trace."""

from pathlib import Path
from typing import Any

import orjson
import zstandard

from opentraces.adapters.filesystem.state_files import read, replace, translated
from opentraces.domain.ids import TraceId, digest
from opentraces.domain.progress import Progress, SourceProgress
from opentraces.ports.progress import ProgressStore

_FORMAT = b"opentraces.progress/1 "
_HEAD = len(_FORMAT) + 16
_LEVEL = 1  # the parser states of long sessions: twice as fast as level 3, 5 % larger


class FilesystemProgress(ProgressStore):
    """`state/progress/<2 hex>/<trace_id>`: the format, the digest of a zstd frame, the frame.

    The frame holds one line of JSON, then the parser states, end to end.
    """

    def __init__(self, state: Path) -> None:
        """Keep progress in `state`."""
        self._folder = state / "progress"

    def load(self, trace: TraceId) -> Progress | None:
        """See ProgressStore."""
        try:
            stored = read(self._path(trace))
        except OSError:
            return None  # derived: whatever cannot be read is as good as absent
        frame = stored[_HEAD:]
        if stored[:_HEAD] != _head(frame):
            return None
        head, _, states = zstandard.ZstdDecompressor().decompress(frame).partition(b"\n")
        return _progress(orjson.loads(head), states)

    def save(self, trace: TraceId, progress: Progress) -> None:
        """See ProgressStore."""
        frame = zstandard.ZstdCompressor(level=_LEVEL).compress(_plain(progress))
        with translated():
            replace(self._path(trace), _head(frame) + frame)

    def forget(self, trace: TraceId) -> None:
        """See ProgressStore."""
        with translated():
            self._path(trace).unlink(missing_ok=True)

    def _path(self, trace: TraceId) -> Path:
        return self._folder / trace[:2] / trace


def _head(frame: bytes) -> bytes:
    return _FORMAT + digest(frame).encode()


def _plain(progress: Progress) -> bytes:
    sources = progress.sources.items()
    head = {
        "release": progress.release,
        "commit": progress.commit,
        "steps": progress.steps,
        "moment": progress.moment,
        "source": progress.source,
        "sources": [[n, one.consumed, len(one.state), one.numbers] for n, one in sources],
    }
    return b"".join([orjson.dumps(head), b"\n", *(one.state for _, one in sources)])


def _progress(fields: dict[str, Any], states: bytes) -> Progress:
    sources, start = {}, 0
    for number, consumed, length, numbers in fields["sources"]:
        sources[number] = SourceProgress(consumed, states[start : start + length], numbers)
        start += length
    return Progress(
        commit=fields["commit"],
        release=fields["release"],
        steps=fields["steps"],
        moment=fields["moment"],
        source=fields["source"],
        sources=sources,
    )
