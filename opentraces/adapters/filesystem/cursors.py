"""What was seen of each session's files at the last import: one file for all."""

from collections.abc import Iterable, Mapping
from contextlib import closing
from pathlib import Path

from opentraces.adapters.filesystem.durable import Folder
from opentraces.adapters.filesystem.locks import Locks
from opentraces.adapters.filesystem.tree import Tree
from opentraces.domain.errors import Corrupt, StorageUnavailable
from opentraces.domain.ids import digest
from opentraces.ports.cursors import Cursors

_FORMAT = "opentraces.cursors/1"
_DIGEST = 16
_FILE = "cursors"
_TEMPORARY = "cursors.tmp"


class FilesystemCursors(Cursors):
    r"""`state/cursors`: a digest, then format, bucket id, and location and stamp in turn.

    The parts are joined by NUL, which no path holds; a location or stamp that does hold one is
    not saved. Nothing is read from a file that is damaged or belongs to another bucket.
    """

    def __init__(self, state: Path, bucket_id: str) -> None:
        """Keep cursors of the bucket `bucket_id` in `state`."""
        self._state = state
        self._locks = Locks(state)
        self._bucket_id = bucket_id

    def load(self) -> Mapping[str, str]:
        """See Cursors."""
        try:
            stored = Tree(self._state).read(_FILE) or b""
        except (Corrupt, StorageUnavailable):
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
        with closing(self._locks.hold(_FILE, wait=True)):
            known = self.load()
            merged = {**known, **{k: v for k, v in stamps.items() if "\0" not in k + v}}
            if merged != known:
                self._replace(part for entry in merged.items() for part in entry)

    def forget(self) -> None:
        """See Cursors."""
        with (
            closing(self._locks.hold(_FILE, wait=True)),
            closing(Folder(self._state, "")) as folder,
        ):
            folder.remove(_FILE)

    def _replace(self, entries: Iterable[str]) -> None:
        text = "\0".join((_FORMAT, self._bucket_id, *entries))
        data = text.encode("utf-8", "surrogatepass")
        with closing(Folder(self._state, "")) as folder:
            folder.write(_TEMPORARY, digest(data).encode() + data)
            folder.rename(_TEMPORARY, _FILE)
