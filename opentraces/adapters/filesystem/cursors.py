"""What was seen of each session's files at the last import: one file for all."""

from collections.abc import Iterable, Mapping
from pathlib import Path

from opentraces.adapters.filesystem.state_files import locked, read, replace, translated
from opentraces.domain.ids import digest
from opentraces.ports.cursors import Cursors

_FORMAT = "opentraces.cursors/1"
_DIGEST = 16
_WAIT_S = 10.0


class FilesystemCursors(Cursors):
    r"""`state/cursors`: a digest, then format, bucket id, and location and stamp in turn.

    The parts are joined by NUL, which no path holds; a location or stamp that does hold one is
    not saved. Nothing is read from a file that is damaged or belongs to another bucket.
    """

    def __init__(self, state: Path, bucket_id: str) -> None:
        """Keep cursors of the bucket `bucket_id` in `state`."""
        self._path = state / "cursors"
        self._lock = state / "locks" / "cursors"
        self._bucket_id = bucket_id

    def load(self) -> Mapping[str, str]:
        """See Cursors."""
        try:
            stored = read(self._path)
        except OSError:
            return {}  # derived: whatever cannot be read is as good as absent
        data = stored[_DIGEST:]
        if stored[:_DIGEST] != digest(data).encode():
            return {}
        parts = data.decode("utf-8", "surrogatepass").split("\0")
        if parts[:2] != [_FORMAT, self._bucket_id]:
            return {}
        return dict(zip(parts[2::2], parts[3::2], strict=True))

    def save(self, stamps: Mapping[str, str]) -> None:
        """See Cursors. What two processes save at once is all kept."""
        with translated(), locked(self._lock, _WAIT_S):
            known = self.load()
            merged = {**known, **{k: v for k, v in stamps.items() if "\0" not in k + v}}
            if merged != known:
                self._replace(part for entry in merged.items() for part in entry)

    def forget(self) -> None:
        """See Cursors."""
        with translated(), locked(self._lock, _WAIT_S):
            self._path.unlink(missing_ok=True)

    def _replace(self, entries: Iterable[str]) -> None:
        text = "\0".join((_FORMAT, self._bucket_id, *entries))
        data = text.encode("utf-8", "surrogatepass")
        replace(self._path, digest(data).encode() + data)
