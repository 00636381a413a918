"""How far each trace was read: one compressed file a trace."""

from pathlib import Path
from typing import Any

import orjson
import zstandard

from opentraces.adapters.filesystem.state_files import read, replace, translated
from opentraces.domain.ids import TraceId, digest
from opentraces.domain.progress import Progress, SourceProgress
from opentraces.ports.progress import ProgressStore

_FORMAT = 1
_DIGEST = 16
_LEVEL = 1  # the parser states of long sessions: twice as fast as level 3, 5 % larger


class FilesystemProgress(ProgressStore):
    """`state/progress/<2 hex>/<trace_id>`: the digest of a zstd frame, then the frame.

    The frame holds one line of JSON, then the parser states, end to end.
    """

    def __init__(self, state: Path, release: str) -> None:
        """Keep progress in `state`; what another release saved is as good as absent."""
        self._folder = state / "progress"
        self._release = release

    def load(self, trace: TraceId) -> Progress | None:
        """See ProgressStore."""
        try:
            stored = read(self._path(trace))
        except OSError:
            return None  # derived: whatever cannot be read is as good as absent
        frame = stored[_DIGEST:]
        if stored[:_DIGEST] != digest(frame).encode():
            return None
        head, _, states = zstandard.ZstdDecompressor().decompress(frame).partition(b"\n")
        fields = orjson.loads(head)
        if fields["format"] != _FORMAT or fields["release"] != self._release:
            return None
        return _progress(fields, states)

    def save(self, trace: TraceId, progress: Progress) -> None:
        """See ProgressStore."""
        frame = zstandard.ZstdCompressor(level=_LEVEL).compress(_plain(progress))
        with translated():
            replace(self._path(trace), digest(frame).encode() + frame)

    def forget(self, trace: TraceId) -> None:
        """See ProgressStore."""
        with translated():
            self._path(trace).unlink(missing_ok=True)

    def _path(self, trace: TraceId) -> Path:
        return self._folder / trace[:2] / trace


def _plain(progress: Progress) -> bytes:
    sources = progress.sources.items()
    head = {
        "format": _FORMAT,
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
