"""What interrupted writes left in the folders of traces."""

from collections.abc import Iterable
from contextlib import closing
from pathlib import Path

from opentraces.adapters.filesystem.durable import Barrier, Folder
from opentraces.adapters.filesystem.entries import Entry, entries, entry_of
from opentraces.adapters.filesystem.envelope_file import decode_to_change
from opentraces.adapters.filesystem.kept_files import envelope_name, is_deleted
from opentraces.adapters.filesystem.layout import TRACES, may_be_left_over, trace_folder
from opentraces.adapters.filesystem.tree import Tree
from opentraces.domain.envelope import Envelope
from opentraces.domain.errors import Corrupt, NewerFormat
from opentraces.domain.ids import TraceId


class Leftovers:
    """Files that no envelope lists, last changed at a moment or before."""

    def __init__(self, bucket: Path, latest: float) -> None:
        """Look into `bucket`; `latest` is in seconds since 1970."""
        self._bucket = Tree(bucket)
        self._latest = latest

    def beside(self, envelope: Envelope) -> list[Entry]:
        """Return those in the folder of a trace."""
        found = entries(self._bucket, trace_folder(envelope.trace_id))
        return [each for each in found if each.name not in envelope.files and self._may_go(each)]

    def uncommitted(self, trace: TraceId) -> list[Entry] | None:
        """Return those of a trace that was never committed. None: its folder has to stay."""
        folder = entry_of(self._bucket, trace_folder(trace))
        found = entries(self._bucket, trace_folder(trace))
        is_old = folder is not None and folder.changed <= self._latest
        return found if is_old and all(map(self._may_go, found)) else None

    def remove_beside(self, trace: TraceId) -> list[Entry]:
        """Remove those in the folder of a trace, whose lock is held; returns them."""
        try:
            stored = self._bucket.read(envelope_name(trace))
            if stored is None or is_deleted(self._bucket, trace):
                return []
            found = self.beside(decode_to_change(stored, envelope_name(trace)))
        except (Corrupt, NewerFormat):
            return []
        if found:
            # A writer that was killed may have renamed the envelope and not made that durable.
            barrier = Barrier(self._bucket.root)
            barrier.add(envelope_name(trace))
            barrier.flush()
            self._remove(trace, found)
        return found

    def remove_uncommitted(self, trace: TraceId) -> list[Entry] | None:
        """Remove the folder of a trace whose lock is held; returns its files. None: it stays."""
        if entry_of(self._bucket, envelope_name(trace)) is not None:
            return None
        found = self.uncommitted(trace)
        if found is not None:
            self._remove(trace, found)
            with closing(Folder(self._bucket.root, f"{TRACES}/{trace[:2]}")) as folder:
                folder.remove_folder(trace)
        return found

    def _may_go(self, entry: Entry) -> bool:
        is_old = entry.changed <= self._latest
        return is_old and entry.is_file and may_be_left_over(entry.name)

    def _remove(self, trace: TraceId, files: Iterable[Entry]) -> None:
        with closing(Folder(self._bucket.root, trace_folder(trace))) as folder:
            for file in files:
                folder.remove(file.name)
