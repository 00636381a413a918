"""One trace being written."""

from collections.abc import Iterator, Mapping
from contextlib import closing

from opentraces.adapters.filesystem.companion import GrowingCompanion
from opentraces.adapters.filesystem.durable import Folder
from opentraces.adapters.filesystem.envelope_file import encode
from opentraces.adapters.filesystem.layout import (
    ENVELOPE,
    ENVELOPE_TEMPORARY,
    SOURCES,
    blob_file,
    is_sources,
    may_be_left_over,
    next_generation,
    trace_folder,
)
from opentraces.adapters.filesystem.lines_writing import LinesWriter
from opentraces.adapters.filesystem.packers import Packers
from opentraces.adapters.filesystem.packing import GrowingFile
from opentraces.adapters.filesystem.sources_writing import SourceWriter
from opentraces.adapters.filesystem.tree import Tree
from opentraces.domain.context.events import ContextEvent
from opentraces.domain.context.lines import line_of as context_line
from opentraces.domain.envelope import (
    Envelope,
    KeptSource,
    StoredFile,
    TraceHeader,
    source_file_name,
)
from opentraces.domain.errors import Corrupt
from opentraces.domain.ids import TraceId, canonical_bytes
from opentraces.domain.kept_step import KeptStep
from opentraces.domain.trail.events import TrailEvent
from opentraces.domain.trail.lines import line_of, step_of
from opentraces.ports.trace_writing import TraceEdit

_HELD = 8 * 1024 * 1024
"""Bytes of sources that may wait to fill a frame, all sources of the trace together."""


class FilesystemTraceEdit(TraceEdit):
    """See TraceEdit. Made by a batch, which holds the trace's lock."""

    def __init__(
        self,
        bucket: Tree,
        trace: TraceId,
        committed: Envelope | None,
        packers: Packers,
        lost: Mapping[str, StoredFile | None] | None = None,
    ) -> None:
        """Go on from what was committed.

        `lost`: files of it that are damaged, each with what was written beside it under the name
        of its next generation. None: that is yet to be written.
        """
        self._bucket = bucket
        self._trace = trace
        self._committed = committed
        self._packers = packers
        self._lost = dict(lost or {})
        self._opened: Folder | None = None
        self._sources: dict[int, SourceWriter] = {}
        files = committed.files if committed else ()
        self._steps = GrowingCompanion("steps", files, self._grow)
        self._trail = GrowingCompanion("trail", files, self._grow)
        self._context = GrowingCompanion("context", files, self._grow)
        self._are_ahead = True
        self._header: TraceHeader | None = None
        self._next: Envelope | None = None

    @property
    def envelope(self) -> Envelope | None:
        """See TraceEdit."""
        return self._committed

    @property
    def trace(self) -> TraceId:
        """Which trace."""
        return self._trace

    @property
    def is_changed(self) -> bool:
        """Whether there is a commit that is to take effect."""
        return self._next is not None

    def append_source(self, number: int, data: bytes) -> None:
        """See TraceEdit."""
        if not data:
            return
        if number not in self._sources:
            self._sources[number] = SourceWriter(self._grow(self._source_name(number)))
        self._sources[number].append(data)
        self._are_ahead = False
        if sum(source.held for source in self._sources.values()) > _HELD:
            for source in self._sources.values():
                source.flush()

    def append_step(self, step: KeptStep) -> None:
        """See TraceEdit."""
        if not self._are_ahead:
            self._are_ahead = True
            for source in self._sources.values():
                source.pack_ahead()
        self._steps.append(step.line(), step.step.step_index)

    def restart_steps(self) -> None:
        """See TraceEdit."""
        self._steps.restart()

    def append_trail(self, event: TrailEvent) -> None:
        """See TrailEdit."""
        self._trail.append(line_of(event), step_of(event))

    def restart_trail(self) -> None:
        """See TrailEdit."""
        self._trail.restart()

    def append_context(self, event: ContextEvent) -> None:
        """See ContextEdit."""
        self._context.append(context_line(event), 0)

    def restart_context(self) -> None:
        """See ContextEdit."""
        self._context.restart()

    def commit(self, header: TraceHeader) -> None:
        """See TraceEdit. Threads may still pack what was appended: see `seal`."""
        self._header = header
        for source in self._sources.values():
            source.flush()
        for companion in self._companions:
            companion.pack()

    @property
    def committed(self) -> Envelope:
        """See TraceEdit."""
        envelope = self._next or self._committed
        if envelope is None:
            raise ValueError(f"{self._trace} was not committed")
        return envelope

    def seal(self) -> None:
        """Write what threads have packed, and make the new envelope of an edit that is whole."""
        header, before = self._header, self._committed
        if header is None:
            return
        is_written = any(companion.is_written for companion in self._companions)
        is_written |= bool(self._sources or self._lost)
        if before and not is_written and _are_equal(before, header):
            return
        self._next = Envelope(
            trace_id=self._trace,
            commit=before.commit + 1 if before else 1,
            header=header,
            files=self._finished(self._source_rows(header)),
        )

    def write_envelope(self) -> Iterator[str]:
        """Write the new envelope beside the old one; yields the names of all that was written."""
        if self._next is None:
            return
        self._folder.write(ENVELOPE_TEMPORARY, encode(self._next))
        before = self._committed.files if self._committed else {}
        changed = [file for file, kept in self._next.files.items() if before.get(file) != kept]
        yield from (f"{self._folder.name}/{file}" for file in (*changed, ENVELOPE_TEMPORARY))
        named = set(self._committed.header.blobs) if self._committed else set()
        new = dict.fromkeys(each for each in self._next.header.blobs if each not in named)
        yield from (blob_file(each.blob) for each in new)

    def publish(self) -> str:
        """Put the new envelope in the old one's place; returns its name."""
        self._folder.rename(ENVELOPE_TEMPORARY, ENVELOPE)
        return f"{self._folder.name}/{ENVELOPE}"

    def clean(self) -> None:
        """Remove files of earlier generations, and those that were never committed."""
        kept = self._next.files if self._next else {}
        for file in self._folder.names():
            if file not in kept and may_be_left_over(file):
                self._folder.remove(file)

    def close(self) -> None:
        """Let everything go."""
        for source in self._sources.values():
            source.close()
        for companion in self._companions:
            companion.close()
        if self._opened is not None:
            self._opened.close()
            self._opened = None

    @property
    def _companions(self) -> tuple[GrowingCompanion, ...]:
        return (self._steps, self._trail, self._context)

    @property
    def _folder(self) -> Folder:
        if self._opened is None:
            self._opened = Folder(self._bucket.root, trace_folder(self._trace))
        return self._opened

    def _grow(self, file: str) -> GrowingFile:
        committed = self._committed.files.get(file) if self._committed else None
        return GrowingFile(self._folder, file, committed, self._packers)

    def _source_name(self, number: int) -> str:
        before = self._committed
        name = before.source_file(number) if before else None
        return self._whole(name or source_file_name(number))

    def _sources_name(self) -> str:
        files = self._committed.files if self._committed else {}
        return self._whole(next((file for file in files if is_sources(file)), SOURCES))

    def _whole(self, file: str) -> str:
        """Return the name under which a file is whole, or will be."""
        return next_generation(file) if file in self._lost else file

    def _finished(self, rows: list[bytes]) -> dict[str, StoredFile]:
        files = dict(self._committed.files) if self._committed else {}
        for file, anew in self._lost.items():
            files.pop(file, None)
            files |= {next_generation(file): anew} if anew is not None else {}
        for number, source in self._sources.items():
            files[self._source_name(number)] = source.finish()
        for companion in self._companions:
            files = companion.finish(files)
        for number, kept in enumerate(self._header.sources if self._header else ()):
            if kept.released is not None:
                files.pop(self._source_name(number), None)
        if rows:
            name = self._sources_name()
            with closing(LinesWriter(self._grow(name))) as lines:
                for row in rows:
                    lines.append(row)
                files[name] = lines.finish()
        return files

    def _source_rows(self, header: TraceHeader) -> list[bytes]:
        """Return the lines that are new, or all where those of before are lost."""
        before, committed = self._committed, {}
        if before is not None and self._sources_name() in before.files:
            committed = {
                number: _row(source, before.source_file(number) or source_file_name(number))
                for number, source in enumerate(before.header.sources)
            }
        rows = (
            (number, _row(source, self._source_name(number)))
            for number, source in enumerate(header.sources)
        )
        return [row for number, row in rows if committed.get(number) != row]


def _are_equal(before: Envelope, header: TraceHeader) -> bool:
    return before.header == header or before.header.as_json() == header.as_json()


def check_presence(bucket: Tree, committed: Envelope) -> None:
    """Look whether all committed files are there. Raises Corrupt when one is not."""
    folder = trace_folder(committed.trace_id)
    for file, kept in committed.files.items():
        size = bucket.size(f"{folder}/{file}")
        if size is None or size < kept.length:
            raise Corrupt(f"{folder}/{file} is {'missing' if size is None else 'cut short'}")


def _row(source: KeptSource, file: str) -> bytes:
    """Return the line of sources.jsonl.gz that says what was read; `file`: where it is kept."""
    said = {
        "kind": source.kind,
        "name": source.name,
        "path": source.location,
        "size": source.size,
        "sha256": source.blob.blob if source.blob else None,
        "file": blob_file(source.blob.blob) if source.blob else file,
        "generation": source.generation,
        "superseded": source.superseded,
    }
    if source.released is not None:
        said |= {"released": source.released.as_json()}
    return canonical_bytes(said) + b"\n"
