"""What each session used: one file for all."""

from collections.abc import Iterable, Mapping
from contextlib import closing
from pathlib import Path
from typing import Any, Final

from opentraces.adapters.filesystem.durable import Folder
from opentraces.adapters.filesystem.locks import Locks
from opentraces.adapters.filesystem.tree import Tree
from opentraces.domain.errors import Corrupt, StorageUnavailable
from opentraces.domain.ids import TraceId, digest, plain_bytes, read_json
from opentraces.domain.skills.counted import RULES, Counts, SessionUses, UseCounts
from opentraces.domain.skills.use import Kind
from opentraces.ports.use_sums import UseSums

_FORMAT: Final = [f"opentraces.uses/1.{RULES}", *Counts._fields]
_DIGEST = 16
_FILE = "uses"
_TEMPORARY = "uses.tmp"


class FilesystemUseSums(UseSums):
    """`state/uses`: a digest, then JSON: the format, the bucket's id, the sessions.

    Nothing is read from a file that is damaged, of another release or of another bucket.
    """

    def __init__(self, state: Path, bucket_id: str) -> None:
        """Keep sums of the bucket `bucket_id` in `state`."""
        self._state = state
        self._locks = Locks(state)
        self._bucket_id = bucket_id

    def load(self) -> Mapping[TraceId, SessionUses]:
        """See UseSums."""
        try:
            stored = Tree(self._state).read(_FILE) or b""
        except (Corrupt, StorageUnavailable):
            return {}  # derived: whatever cannot be read is as good as absent
        data = stored[_DIGEST:]
        if stored[:_DIGEST] != digest(data).encode():
            return {}
        named, bucket, rows = read_json(data)
        if (named, bucket) != (_FORMAT, self._bucket_id):
            return {}
        return {row[0]: _session(*row) for row in rows}

    def save(self, sessions: Iterable[SessionUses]) -> None:
        """See UseSums."""
        with closing(self._locks.hold(_FILE, wait=True)):
            self._replace(sessions)

    def forget(self, trace: TraceId) -> None:
        """See UseSums."""
        with closing(self._locks.hold(_FILE, wait=True)):
            known = self.load()
            if trace in known:
                self._replace(each for each in known.values() if each.trace != trace)

    def _replace(self, sessions: Iterable[SessionUses]) -> None:
        data = plain_bytes([_FORMAT, self._bucket_id, [_row(each) for each in sessions]])
        with closing(Folder(self._state, "")) as folder:
            folder.write(_TEMPORARY, digest(data).encode() + data)
            folder.rename(_TEMPORARY, _FILE)


def _row(session: SessionUses) -> list[Any]:
    uses = [[use.kind.value, _text(use.name), *use.counts] for use in session.uses]
    said = (session.stamp, session.agent, _text(session.folder), session.ended)
    return [session.trace, *said, uses]


def _session(
    trace: TraceId, stamp: str, agent: str, folder: str, ended: int, uses: list[list[Any]]
) -> SessionUses:
    counted = tuple(UseCounts(_KINDS[kind], name, Counts(*row)) for kind, name, *row in uses)
    return SessionUses(trace, stamp, agent, folder, ended, counted)


_KINDS: Final = {kind.value: kind for kind in Kind}


def _text(name: str) -> str:
    """Return text that JSON can hold: what half a surrogate pair stands in has none."""
    return name.encode("utf-8", "replace").decode()
