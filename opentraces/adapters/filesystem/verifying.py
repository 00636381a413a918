"""Whether a bucket is as it was written."""

from collections.abc import Sequence
from contextlib import closing
from dataclasses import replace

from opentraces.adapters.filesystem import bucket_file
from opentraces.adapters.filesystem.blobs import TEMPORARY, decoded, stored_digest
from opentraces.adapters.filesystem.deleting import check_tombstone
from opentraces.adapters.filesystem.findings import Findings
from opentraces.adapters.filesystem.kept_files import envelope_name, has_lost_envelope
from opentraces.adapters.filesystem.layout import (
    BLOBS,
    BUCKET_FILE,
    QUARANTINE,
    TOMBSTONES,
    TRACES,
    TRASH,
    blob_file,
    blob_of,
    is_trace_id,
    tombstone,
)
from opentraces.adapters.filesystem.tree import OpenFile, Tree
from opentraces.adapters.filesystem.verifying_trace import VerifyingTrace
from opentraces.domain.audit import Audit
from opentraces.domain.envelope import BlobRef
from opentraces.domain.errors import Corrupt
from opentraces.domain.ids import BlobId, TraceId

_KNOWN = {
    BUCKET_FILE,
    f"{BUCKET_FILE}.tmp",
    QUARANTINE,
    TRASH,
    *(folder.partition("/")[0] for folder in (TRACES, BLOBS, TOMBSTONES)),
}


class Verifying:
    """The verification of one bucket. Leftovers of interrupted writes are no problems."""

    def __init__(self, bucket: Tree, state: Tree, *, deep: bool) -> None:
        self._bucket = bucket
        self._state = state
        self._deep = deep
        self._findings = Findings(bucket)
        self._named: dict[BlobId, dict[BlobRef, list[TraceId]]] = {}

    def audit(self) -> Audit:
        """Look at everything. An absent bucket is as it was written."""
        if self._bucket.names(""):
            self._check_description()
            for folder in (TRACES, BLOBS, TOMBSTONES):
                for prefix in self._bucket.names(folder):
                    self._check_folder(folder, prefix)
            self._check_missing_blobs()
        return replace(self._findings.audit(), aside=self._aside())

    def _aside(self) -> int:
        folders = self._bucket.names(QUARANTINE)
        return sum(len(self._bucket.names(f"{QUARANTINE}/{folder}")) for folder in folders)

    def _check_description(self) -> None:
        is_later = False
        with self._findings.noting(BUCKET_FILE, None):
            stored = self._findings.read(BUCKET_FILE, None)
            is_later = bucket_file.later_format(self._bucket.root) is not None
            if is_later:
                self._findings.add("newer", BUCKET_FILE, None)
            elif stored is None and self._bucket.size(BUCKET_FILE) is None and self._is_begun():
                self._findings.add("missing", BUCKET_FILE, None)
        for name in self._bucket.names(""):
            if name not in _KNOWN:
                self._findings.add("newer" if is_later else "unexpected", name, None)

    def _is_begun(self) -> bool:
        """Whether anything was ever to be kept; the description is made before that."""
        return any(self._bucket.names(folder) for folder in (TRACES, BLOBS, TOMBSTONES))

    def _check_folder(self, folder: str, prefix: str) -> None:
        if folder == BLOBS and prefix.endswith(TEMPORARY):
            return
        names = self._bucket.names(f"{folder}/{prefix}")
        if not names and self._bucket.size(f"{folder}/{prefix}") is not None:
            self._findings.add("unexpected", f"{folder}/{prefix}", None)
        for name in names:
            check = {
                TRACES: self._check_trace,
                BLOBS: self._check_blob_file,
                TOMBSTONES: self._check_tombstone,
            }[folder]
            if not (name.startswith(prefix) and check(name)):
                self._findings.add("unexpected", f"{folder}/{prefix}/{name}", None)

    def _check_trace(self, name: str) -> bool:
        if not is_trace_id(name):
            return False
        trace = TraceId(name)
        if has_lost_envelope(self._bucket, self._state, trace):
            self._findings.add("missing", envelope_name(trace), trace)
        for blob in VerifyingTrace(self._findings, trace, deep=self._deep).run():
            self._named.setdefault(blob.blob, {}).setdefault(blob, []).append(trace)
        return True

    def _check_blob_file(self, name: str) -> bool:
        blob = blob_of(name)
        if blob is None:
            return name.endswith(TEMPORARY)
        named = self._named.pop(blob, {})
        if not named and self._bucket.size(blob_file(blob)) != 0:
            self._check_blob(blob, None, ())
        # Of an empty one that nobody names the power went before its bytes were durable.
        for ref, traces in named.items():
            self._check_blob(blob, ref, traces)
        return True

    def _check_blob(self, blob: BlobId, ref: BlobRef | None, traces: Sequence[TraceId]) -> None:
        """Compare a blob with a reference; what is wrong is so for each trace that has it."""
        found = Findings(self._bucket)
        trace = traces[0] if traces else None
        with found.noting(blob_file(blob), trace):
            opened = found.open(blob_file(blob), trace, ref.stored if ref else 0)
            if opened is not None:
                with closing(opened):
                    self._compare_blob(opened, blob, ref)
        audit = found.audit()
        self._findings.include(audit)
        for problem in audit.problems:
            for other in traces[1:]:
                self._findings.add(problem.kind, problem.path, other)

    def _compare_blob(self, opened: OpenFile, blob: BlobId, ref: BlobRef | None) -> None:
        if ref and (opened.size != ref.stored or stored_digest(opened) != ref.digest):
            raise Corrupt(blob_file(blob))
        if self._deep or ref is None:
            size = sum(len(piece) for piece in decoded(opened, blob, ref.size if ref else None))
            if ref and ref.size != size:
                raise Corrupt(blob_file(blob))

    def _check_missing_blobs(self) -> None:
        """Note those that were named, and not met."""
        for blob, named in self._named.items():
            for trace in (trace for traces in named.values() for trace in traces):
                self._findings.add("missing", blob_file(blob), trace)

    def _check_tombstone(self, name: str) -> bool:
        trace = TraceId(name.removesuffix(".json"))
        if not is_trace_id(trace) or not name.endswith(".json"):
            return name.endswith(".json.tmp")
        stored = self._findings.read(tombstone(trace), trace)
        with self._findings.noting(tombstone(trace), trace):
            if stored is not None:
                check_tombstone(stored, trace)
        return True
