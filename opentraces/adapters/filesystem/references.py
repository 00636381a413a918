"""What the traces of a bucket need, and which of them cannot be asked."""

import re
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from opentraces.adapters.filesystem.entries import Entry, entries
from opentraces.adapters.filesystem.envelope_file import decode_to_change
from opentraces.adapters.filesystem.kept_files import envelope_name, is_deleted
from opentraces.adapters.filesystem.layout import (
    ENVELOPE,
    QUARANTINE,
    TOMBSTONES,
    TRACES,
    is_sources,
    is_trace_id,
    trace_folder,
)
from opentraces.adapters.filesystem.tree import Tree
from opentraces.domain.audit import Problem
from opentraces.domain.envelope import Envelope
from opentraces.domain.errors import Corrupt, NewerFormat, StorageUnavailable
from opentraces.domain.ids import BlobId, TraceId

_DIGEST = 20
"""Last bytes of an envelope, in which the digest of all others stands."""

_PREFIX = re.compile(r"[0-9a-f]{2}")
_NAME = re.compile(rb"[0-9a-f]{64}")
_UNREADABLE = (Corrupt, NewerFormat, StorageUnavailable)


class References:
    """What is needed, as far as envelopes can be read; each that cannot be is a Problem.

    An envelope counts as read only if all in it is known: what a later release added may need
    something. Holds names, never an envelope.
    """

    def __init__(self, home: Path) -> None:
        """Ask the bucket of a home; nothing is read yet."""
        self._bucket = Tree(home / "bucket")
        self._state = Tree(home / "state")
        self._seen: dict[str, bytes] = {}
        self._problems: dict[Problem, None] = {}
        self.blobs: set[BlobId] = set()
        self.traces: set[TraceId] = set()
        self.deleted: list[TraceId] = []
        self.uncommitted: list[TraceId] = []

    @property
    def problems(self) -> tuple[Problem, ...]:
        """What could not be asked, at the last look."""
        return tuple(self._problems)

    def look(self) -> Iterator[tuple[TraceId, Envelope]]:
        """Ask all; yields traces that were not asked before, or have changed since.

        `traces` are all that are there, those that cannot be read included. `deleted` and
        `uncommitted` are not there, and have a folder still. `blobs` only grow.
        """
        for found in (self._problems, self.traces, self.deleted, self.uncommitted):
            found.clear()
        tombstones = self._tombstones()
        for trace in self._folders():
            if trace in tombstones:
                self.deleted.append(trace)
                self._ask_deleted(trace)
                continue
            envelope = self._ask(trace)
            if envelope is not None:
                yield trace, envelope
        self._ask_quarantine()

    def look_again(self) -> None:
        """Ask whatever is new, or has changed."""
        for _ in self.look():
            pass

    def _tombstones(self) -> set[str]:
        return {
            name.removesuffix(".json")
            for prefix in self._bucket.names(TOMBSTONES)
            for name in self._bucket.names(f"{TOMBSTONES}/{prefix}")
        }

    def _folders(self) -> Iterator[TraceId]:
        """Yield every trace that has a folder; a folder of another name may hold a trace, too."""
        for prefix in entries(self._bucket, TRACES):
            folder = f"{TRACES}/{prefix.name}"
            if not (prefix.is_folder and _PREFIX.fullmatch(prefix.name)):
                self._note_stranger(prefix, folder)
                continue
            for entry in entries(self._bucket, folder):
                is_ours = is_trace_id(entry.name) and entry.name.startswith(prefix.name)
                if is_ours and entry.is_folder:
                    yield TraceId(entry.name)
                else:
                    self._note_stranger(entry, f"{folder}/{entry.name}")

    def _note_stranger(self, entry: Entry, name: str) -> None:
        if not entry.is_file or entry.name.startswith(ENVELOPE):
            self._problems[Problem("unexpected", name, None)] = None

    def _ask(self, trace: TraceId) -> Envelope | None:
        """Return a trace's envelope, once. None: there is none, or it was returned before."""
        name = envelope_name(trace)
        try:
            stored = self._bucket.read(name)
            if stored is None:
                self._note_absent(name, trace)
                return None
            self.traces.add(trace)
            if self._seen.get(name) == stored[-_DIGEST:]:
                return None
            envelope = decode_to_change(stored, name)
            if envelope.trace_id != trace:
                raise Corrupt(f"{name} is another trace's")
        except _UNREADABLE as error:
            self.traces.add(trace)
            self._problems[Problem(_kind_of(error), name, trace)] = None
            return None
        self.blobs |= {blob.blob for blob in envelope.header.blobs}
        self._seen[name] = stored[-_DIGEST:]
        return envelope

    def _note_absent(self, name: str, trace: TraceId) -> None:
        """Tell a trace that was never committed from one whose envelope is lost.

        One that was read, or has the list of its sources, may be had again without its envelope.
        """
        if is_deleted(self._bucket, trace):  # since the look at the tombstones
            self.deleted.append(trace)
            return
        is_listed = any(is_sources(file) for file in self._bucket.names(trace_folder(trace)))
        if is_listed or self._state.size(f"progress/{trace[:2]}/{trace}") is not None:
            self.traces.add(trace)
            self._problems[Problem("missing", name, trace)] = None
        else:
            self.uncommitted.append(trace)

    def _ask_deleted(self, trace: TraceId) -> None:
        """Until it is out of its folder, its tombstone may yet be lost with the power."""
        self._need_what_is_named(envelope_name(trace))

    def _ask_quarantine(self) -> None:
        for folder in self._bucket.names(QUARANTINE):
            for entry in entries(self._bucket, f"{QUARANTINE}/{folder}"):
                if entry.name.startswith(ENVELOPE):
                    self._need_what_is_named(f"{QUARANTINE}/{folder}/{entry.name}")

    def _need_what_is_named(self, name: str) -> None:
        """Need every blob whose name can be made out in an envelope, damaged or not."""
        with suppress(Corrupt, StorageUnavailable):
            found = _NAME.findall(self._bucket.read(name) or b"")
            self.blobs |= {BlobId(each.decode()) for each in found}


def _kind_of(error: Exception) -> str:
    if isinstance(error, Corrupt):
        return "damaged"
    return "newer" if isinstance(error, NewerFormat) else "unreadable"
