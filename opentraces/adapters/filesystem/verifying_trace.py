"""Whether one trace is as it was written."""

from collections.abc import Iterator
from contextlib import closing

from opentraces.adapters.filesystem.envelope_file import decode
from opentraces.adapters.filesystem.findings import Findings
from opentraces.adapters.filesystem.frames import expanded
from opentraces.adapters.filesystem.kept_files import envelope_name, is_deleted
from opentraces.adapters.filesystem.layout import (
    ENVELOPE,
    is_sources,
    may_be_left_over,
    trace_folder,
)
from opentraces.adapters.filesystem.members import check, gunzipped
from opentraces.adapters.filesystem.tree import OpenFile
from opentraces.adapters.filesystem.understanding import context_event_of, event_of, step_of
from opentraces.domain.audit import Audit
from opentraces.domain.context.events import NodeObserved
from opentraces.domain.context.node_ids import id_of
from opentraces.domain.envelope import (
    BlobRef,
    Envelope,
    StoredFile,
    is_context,
    is_steps,
    is_trail,
    source_file_name,
)
from opentraces.domain.errors import Corrupt, NewerFormat
from opentraces.domain.ids import TraceId, digest, read_json

_UNPACK = {"zst": expanded, "gz": gunzipped}
"""By ending; a later release may list files of others, of which only stored bytes are compared."""


class VerifyingTrace:
    """The verification of one trace."""

    def __init__(self, findings: Findings, trace: TraceId, *, deep: bool) -> None:
        self._all = findings
        self._trace = trace
        self._deep = deep
        self._folder = trace_folder(trace)
        self._findings = Findings(findings.bucket)
        self._steps: set[int] = set()

    def run(self) -> tuple[BlobRef, ...]:
        """Note what is wrong; returns the blobs it names.

        What is wrong because another process committed meanwhile is looked at once more.
        """
        stored, blobs, audit = self._look()
        if audit.problems and stored != self._stored():
            _, blobs, audit = self._look()
        if not is_deleted(self._all.bucket, self._trace):
            self._all.include(audit)
        return blobs

    def _look(self) -> tuple[bytes | None, tuple[BlobRef, ...], Audit]:
        self._steps = set()
        name = envelope_name(self._trace)
        stored = self._stored()
        envelope = None
        with self._findings.noting(name, self._trace):
            envelope = self._envelope(stored, name) if stored is not None else None
        blobs = self._check(envelope) if envelope is not None else ()
        return stored, blobs, self._findings.audit()

    def _stored(self) -> bytes | None:
        self._findings = Findings(self._all.bucket)
        return self._findings.read(envelope_name(self._trace), self._trace)

    def _envelope(self, stored: bytes, name: str) -> Envelope:
        self._findings.saw_trace()
        envelope = decode(stored, name)
        if envelope.trace_id != self._trace:
            raise Corrupt(f"{name} is another trace's")
        return envelope

    def _check(self, envelope: Envelope) -> tuple[BlobRef, ...]:
        for file, kept in envelope.files.items():
            name = f"{self._folder}/{file}"
            with self._findings.noting(name, self._trace):
                self._check_file(file, kept)
        for file in self._findings.bucket.names(self._folder):
            if file not in envelope.files and file != ENVELOPE and not may_be_left_over(file):
                self._findings.add("unexpected", f"{self._folder}/{file}", self._trace)
        if self._deep:
            self._check_sums(envelope)
        return envelope.header.blobs

    def _check_file(self, file: str, kept: StoredFile) -> None:
        name = f"{self._folder}/{file}"
        if sum(member.stored for member in kept.members) != kept.length:
            self._findings.add("damaged", envelope_name(self._trace), self._trace)
        opened = self._findings.open(name, self._trace, kept.length)
        if opened is None:
            return
        with closing(opened):
            for plain, content in self._runs(opened, kept, name):
                if digest(plain) != content:
                    raise Corrupt(f"{name} does not hold what its envelope says")
                self._read_lines(file, plain)

    def _runs(self, opened: OpenFile, kept: StoredFile, name: str) -> Iterator[tuple[bytes, str]]:
        """Compare the stored bytes of each run; yield the plain ones if that is wanted."""
        offset = 0
        unpack = _UNPACK.get(name.rpartition(".")[2])
        for member in kept.members:
            stored = opened.read(offset, member.stored)
            offset += member.stored
            check(stored, member.digest, name)
            if self._deep and unpack is not None:
                yield unpack(stored, member.plain, name), member.content

    def _read_lines(self, file: str, plain: bytes) -> None:
        try:
            if is_steps(file):
                lines = plain.splitlines()
                self._steps |= {self._number(line, file) for line in lines}
            elif is_trail(file):
                self._read_events(plain, file)
            elif is_context(file):
                self._read_context(plain, file)
            elif is_sources(file):
                for line in plain.splitlines():
                    read_json(line)
        except (Corrupt, ValueError):
            self._findings.add("unreadable", f"{self._folder}/{file}", self._trace)

    def _read_events(self, plain: bytes, file: str) -> None:
        name = f"{self._folder}/{file}"
        try:
            for line in plain.splitlines():
                event_of(line, name)
        except NewerFormat:
            self._findings.add("newer", name, self._trace)

    def _read_context(self, plain: bytes, file: str) -> None:
        name = f"{self._folder}/{file}"
        try:
            for line in plain.splitlines():
                event = context_event_of(line, name)
                if isinstance(event, NodeObserved) and id_of(event) != event.node_id:
                    raise Corrupt(f"{name}: a node is not what it is named by")
        except NewerFormat:
            self._findings.add("newer", name, self._trace)

    def _number(self, line: bytes, file: str) -> int:
        """Return the number of the step on a line."""
        name = f"{self._folder}/{file}"
        try:
            return step_of(line, name).step.step_index
        except NewerFormat:
            self._findings.add("newer", name, self._trace)
            return int(read_json(line)["step"]["step_index"])

    def _check_sums(self, envelope: Envelope) -> None:
        """Compare what the header says of the whole with what the files hold."""
        header = envelope.header
        numbers = sorted(self._steps)
        if len(numbers) != header.steps or numbers != list(range(1, len(numbers) + 1)):
            file = next((file for file in envelope.files if is_steps(file)), ENVELOPE)
            self._findings.add("damaged", f"{self._folder}/{file}", self._trace)
        for number, source in enumerate(header.sources):
            held = sum(member.plain for member in envelope.source_members(number))
            if source.blob is None and held != source.size:
                file = envelope.source_file(number) or source_file_name(number)
                self._findings.add("damaged", f"{self._folder}/{file}", self._trace)
