"""Removing a trace for good.

A tombstone, the move into `trash/`, the unlink: in this order, and each durable before the next.
An envelope stays in `trash/` until the blobs it names are dealt with, so that whoever comes
after an interruption can finish.
"""

import re
from contextlib import closing, suppress
from importlib import import_module
from pathlib import Path
from typing import Final

from opentraces.adapters.filesystem.bucket_file import refuse_later
from opentraces.adapters.filesystem.durable import Barrier, Folder, replace
from opentraces.adapters.filesystem.kept_files import envelope_name, is_deleted
from opentraces.adapters.filesystem.later import of_later_release
from opentraces.adapters.filesystem.layout import (
    ENVELOPE,
    QUARANTINE,
    TOMBSTONES,
    TRACES,
    TRASH,
    blob_file,
    is_trace_id,
    tombstone,
    trace_folder,
)
from opentraces.adapters.filesystem.locks import Locks
from opentraces.adapters.filesystem.raw_envelope import check_format
from opentraces.adapters.filesystem.sealed import document, sealed
from opentraces.adapters.filesystem.tree import Tree, translated
from opentraces.domain.errors import Busy, Corrupt, NewerFormat, TraceNotFound
from opentraces.domain.ids import BlobId, TraceId, canonical_bytes
from opentraces.ports.markers import Markers

_FAMILY = "opentraces.tombstone/"
TOMBSTONE_FORMAT: Final = f"{_FAMILY}1"
_BLOB = re.compile(rb'"blob":"([0-9a-f]{64})"')
_COMMIT = re.compile(rb'"commit":(\d{1,18}),"header"')


class Deleting:
    """The removal of traces from one bucket."""

    def __init__(self, bucket: Path, locks: Locks) -> None:
        self._bucket = Tree(bucket)
        self._locks = locks

    def delete(self, trace: TraceId, markers: Markers) -> None:
        """Remove a trace, damaged or not. Raises TraceNotFound, NewerFormat."""
        refuse_later(self._bucket.root)
        self.finish(wait=True)
        if not is_trace_id(trace):
            raise TraceNotFound(f"{trace} is no trace's id")
        with closing(self._locks.hold(trace, wait=True)):
            stored = self._bucket.read(envelope_name(trace))
            if stored is None or is_deleted(self._bucket, trace):
                raise TraceNotFound(f"no trace {trace}")
            if _is_later(stored):
                raise of_later_release(envelope_name(trace), "it is left as it is")
            markers.mark([trace])
            found = _COMMIT.search(stored)
            said = tombstone_bytes(trace, int(found[1]) if found else 0)
            replace(self._bucket.root, tombstone(trace), said)
            self._discard(trace)
            self._remove_evidence(trace)
        self._empty_trash(wait=True)

    def finish(self, *, wait: bool) -> None:
        """Go on with what was interrupted; unless `wait`, leave what another process holds."""
        for trace in self._half_deleted():
            try:
                with closing(self._locks.hold(trace, wait=wait)):
                    self._discard(trace)
                    self._remove_evidence(trace)
            except Busy:
                continue
        self._empty_trash(wait=wait)

    def _half_deleted(self) -> list[TraceId]:
        """Return the traces that have a tombstone, and something of theirs is left."""
        tombstones = (
            name.removesuffix(".json")
            for prefix in self._bucket.names(TOMBSTONES)
            for name in self._bucket.names(f"{TOMBSTONES}/{prefix}")
        )
        ids = [TraceId(name) for name in tombstones if is_trace_id(name)]
        evidence = frozenset(self._bucket.names(QUARANTINE))
        return [
            trace for trace in ids if trace in evidence or self._bucket.names(trace_folder(trace))
        ]

    def _discard(self, trace: TraceId) -> None:
        root = self._bucket.root
        if not self._bucket.names(trace_folder(trace)):
            return
        barrier = Barrier(root)
        with (
            closing(Folder(root, f"{TRACES}/{trace[:2]}")) as folder,
            closing(Folder(root, TRASH)) as trash,
        ):
            folder.move(trace, trash, trace)
            # Whoever wrote the tombstone may have been killed before it was durable.
            barrier.add(f"{TOMBSTONES}/{trace[:2]}/.")
            barrier.add(f"{folder.name}/.")
            barrier.add(f"{TRASH}/.")
            barrier.flush()

    def _remove_evidence(self, trace: TraceId) -> None:
        """Remove what a repair set aside of it: it may hold all that was said."""
        folder = f"{QUARANTINE}/{trace}"
        if self._bucket.names(folder):
            with translated(folder):
                import_module("shutil").rmtree(self._bucket.root / folder)

    def _empty_trash(self, *, wait: bool) -> None:
        if not self._trash():
            return
        with (
            suppress(Busy),
            closing(self._locks.hold(Locks.TRASH, wait=wait)),
            closing(Folder(self._bucket.root, TRASH)) as trash,
        ):
            blobs: set[BlobId] = set()
            names = self._trash()  # once: what another process moves here now, it removes itself
            for name in names:
                self._remove_files(name)
                blobs |= _blobs_named(self._bucket.read(f"{TRASH}/{name}/{ENVELOPE}") or b"")
            if blobs:
                self._remove_blobs(blobs, wait=wait)
            for name in names:
                with closing(Folder(self._bucket.root, f"{TRASH}/{name}")) as folder:
                    folder.remove(ENVELOPE)
                trash.remove_folder(name)

    def _trash(self) -> list[str]:
        return [name for name in self._bucket.names(TRASH) if is_trace_id(name)]

    def _remove_files(self, name: str) -> None:
        with closing(Folder(self._bucket.root, f"{TRASH}/{name}")) as folder:
            for file in folder.names():
                if file != ENVELOPE:
                    folder.remove(file)

    def _remove_blobs(self, blobs: set[BlobId], *, wait: bool) -> None:
        """Remove those that no envelope names. Raises Busy while a batch is open.

        All stay where a later release wrote a trace: nobody here knows which blobs that names.
        """
        with closing(self._locks.hold(Locks.BLOBS, wait=wait)):
            used = self._blobs_in_use()
            for blob in blobs - used if used is not None else ():
                folder, _, file = blob_file(blob).rpartition("/")
                with closing(Folder(self._bucket.root, folder)) as place:
                    place.remove(file)

    def _blobs_in_use(self) -> set[BlobId] | None:
        """Return the blobs that envelopes name. None: of one of them it cannot be known."""
        used: set[BlobId] = set()
        for prefix in self._bucket.names(TRACES):
            for name in self._bucket.names(f"{TRACES}/{prefix}"):
                stored = self._bucket.read(f"{TRACES}/{prefix}/{name}/{ENVELOPE}") or b""
                if _is_later(stored):
                    return None
                used |= _blobs_named(stored)
        return used


def tombstone_bytes(trace: TraceId, commit: int) -> bytes:
    """Return a tombstone; `commit`: the trace's last one, or 0 where that is not known."""
    said = {"commit": commit, "format": TOMBSTONE_FORMAT, "trace_id": trace}
    return sealed(canonical_bytes(said))


def check_tombstone(stored: bytes, trace: TraceId) -> None:
    """Look whether a tombstone is what it was. Raises Corrupt, or NewerFormat."""
    said = document(stored, tombstone(trace))
    kind = said.get("format")
    if kind != TOMBSTONE_FORMAT and str(kind).startswith(_FAMILY):
        raise of_later_release(tombstone(trace), kind)
    if said.get("trace_id") != trace:
        raise Corrupt(f"{tombstone(trace)} is another trace's")


def _is_later(stored: bytes) -> bool:
    """Whether a later release wrote an envelope; a damaged one is nobody's."""
    try:
        check_format(document(stored, ENVELOPE), ENVELOPE)
    except NewerFormat:
        return True
    except Corrupt:
        return False
    return False


def _blobs_named(stored: bytes) -> set[BlobId]:
    """Return the blobs an envelope names; of a damaged one, those that can be made out."""
    return {BlobId(found.decode()) for found in _BLOB.findall(stored)}
