"""A home with a real bucket, the agent's own files, and a repair that is quick to run."""

import gzip
import json
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from opentraces.adapters.claude_code.hook_events import ClaudeCodeHookEvents
from opentraces.adapters.claude_code.parser import ClaudeCodeParser
from opentraces.adapters.filesystem.blobs import FilesystemBlobStore
from opentraces.adapters.filesystem.clock import SystemClock
from opentraces.adapters.filesystem.markers import FilesystemMarkers
from opentraces.adapters.filesystem.mending.mender import FilesystemMender
from opentraces.adapters.filesystem.progress import FilesystemProgress
from opentraces.adapters.filesystem.room import FilesystemRoom
from opentraces.adapters.filesystem.traces import FilesystemTraceStore, committed_number
from opentraces.adapters.memory.index import MemoryIndex
from opentraces.adapters.memory.ledger import MemoryLedger
from opentraces.adapters.memory.sessions import MemorySessions
from opentraces.adapters.memory.trail_index import MemoryTrailIndex
from opentraces.application.catch_up import CatchUp
from opentraces.application.derive_context import DeriveContext
from opentraces.application.get_trace import GetTrace
from opentraces.application.index_traces import IndexTraces
from opentraces.application.kept_bytes import kept_bytes
from opentraces.application.note_trails import NoteTrails
from opentraces.application.repair_bucket import RepairBucket
from opentraces.application.repair_trace import RepairTrace
from opentraces.application.reproject_bucket import ReprojectBucket
from opentraces.application.reproject_trace import ReprojectTrace
from opentraces.application.resolve_trace import ResolveTrace
from opentraces.application.settle_context import SettleContext
from opentraces.application.settle_usage import SettleUsage
from opentraces.domain.address import Address
from opentraces.domain.assemble import wire_bytes
from opentraces.domain.errors import SourceGone
from opentraces.domain.ids import TraceId
from opentraces.domain.mending import Repaired
from opentraces.domain.session import Agent, SourceFile
from opentraces.ports.parsing import TraceParser
from opentraces.ports.room import Room
from tests.integration.adapters.filesystem.on_disk import contents, keeper_of, traces_of, writer_of
from tests.integration.adapters.filesystem.test_format import folder_of

STORED = Path(__file__).parents[2] / "data" / "buckets" / "format-1"
"""Sub-agents, notes, a spilled output, hooks, a rewritten session, and one that was deleted."""

Listed = tuple[tuple[object, ...], ...]

KeptTrace = tuple[bytes, tuple[bytes, ...], Listed]
"""The record of a trace, the bytes of its files, and what its list of sources says of them."""

Kept = Mapping[TraceId, KeptTrace]
"""All traces."""


@dataclass
class KeptHome:
    """One home."""

    path: Path
    agent: MemorySessions = field(default_factory=MemorySessions)
    """What the agent has still; empty: nothing."""
    parser: TraceParser = field(default_factory=ClaudeCodeParser)
    room: Room | None = None
    """How much can be written. None: what the disk says."""
    names: tuple[str, ...] = ()
    """What index and ledger say that the bucket is called."""

    @classmethod
    def made(cls, path: Path, *, has_files: bool) -> "KeptHome":
        """Put the stored bucket into a new home; `has_files`: the agent has its files still."""
        shutil.copytree(STORED, path / "bucket")
        home = cls(path)
        assert home.repair(reproject=True).ok
        if has_files:
            home.agent = MemorySessions(contents=dict(home.locations()))
        return home

    @property
    def bucket(self) -> Path:
        return self.path / "bucket"

    def locations(self) -> Iterator[tuple[str, bytes]]:
        """Yield what the agent keeps where; of a rewritten file, what is there now."""
        traces, blobs = traces_of(self.path), FilesystemBlobStore(self.bucket)
        for trace in traces.ids():
            envelope = traces.envelope(trace)
            for number, kept in enumerate(envelope.header.sources):
                if not kept.superseded:
                    pieces = kept_bytes(traces, blobs, envelope, number)
                    yield kept.location, b"".join(pieces)

    def agent_has(self, trace: TraceId, number: int) -> bool:
        """Whether the agent's own file begins with the bytes of a source."""
        kept = traces_of(self.path).envelope(trace).header.sources[number]
        file = SourceFile(kept.name, kept.kind, kept.location, kept.size, "")
        try:
            there = b"".join(self.agent.read(file, 0))
        except SourceGone:
            return False
        return there.startswith(self.kept(trace)[1][number])

    def kept(self, trace: TraceId) -> KeptTrace:
        """Read a trace as a user reads it."""
        traces, blobs = traces_of(self.path), FilesystemBlobStore(self.bucket)
        envelope = traces.envelope(trace)
        get = GetTrace(traces, ResolveTrace(traces), {Agent.CLAUDE_CODE: ClaudeCodeHookEvents()})
        record = get.execute(Address(trace, None, None)).record
        numbers = range(len(envelope.header.sources))
        files = tuple(b"".join(kept_bytes(traces, blobs, envelope, n)) for n in numbers)
        return wire_bytes(record), files, self._listed(trace)

    def all_kept(self) -> Kept:
        return {trace: self.kept(trace) for trace in traces_of(self.path).ids()}

    def files(self) -> dict[str, bytes]:
        """Return every file of the bucket."""
        return contents(self.bucket)

    def _listed(self, trace: TraceId) -> Listed:
        """Return the last row of each source."""
        [path] = folder_of(self.bucket, trace).glob("sources*")
        keys = ("name", "generation", "kind", "path", "size", "sha256", "superseded")
        rows = [json.loads(line) for line in gzip.decompress(path.read_bytes()).splitlines()]
        last = {(row["name"], row["generation"]): tuple(row[key] for key in keys) for row in rows}
        return tuple(last[key] for key in sorted(last))

    def problems(self) -> set[tuple[str, str]]:
        found = keeper_of(self.path).verify(deep=True).problems
        return {(problem.kind, problem.path) for problem in found}

    def repair(self, *, dry_run: bool = False, reproject: bool = False) -> Repaired:
        """Run a repair, with an index and a ledger of its own."""
        return self.use(dry_run=dry_run).execute(reproject=reproject)

    def use(self, *, dry_run: bool = False) -> RepairBucket:
        markers = FilesystemMarkers(
            self.path / "state", lambda trace: committed_number(self.bucket, trace)
        )
        mender = FilesystemMender(self.path, markers, SystemClock(), dry_run=dry_run)
        reproject = self.reproject()
        return RepairBucket(
            keeper=keeper_of(self.path),
            mender=mender,
            repair=RepairTrace(mender, self.agent, reproject, dry_run),
            reproject=ReprojectBucket(
                keeper=keeper_of(self.path),
                traces=traces_of(self.path),
                writer=writer_of(self.path),
                reproject=reproject,
                room=self.room or FilesystemRoom(self.path),
                dry_run=dry_run,
            ),
            names=lambda: self.names,
            catch_up=lambda: self._catch_up(markers),
            dry_run=dry_run,
        )

    def reproject(self) -> ReprojectTrace:
        return ReprojectTrace(
            parsers={Agent.CLAUDE_CODE: self.parser},
            traces=traces_of(self.path),
            blobs=FilesystemBlobStore(self.bucket),
            progress=FilesystemProgress(self.path / "state"),
            release="1",
        )

    def _derive(self, traces: FilesystemTraceStore) -> DeriveContext:
        parsers = {Agent.CLAUDE_CODE: self.parser}
        return DeriveContext(parsers, traces, FilesystemBlobStore(self.bucket))

    def _catch_up(self, markers: FilesystemMarkers) -> CatchUp:
        traces, index, ledger = traces_of(self.path), MemoryIndex(), MemoryLedger()
        derive = self._derive(traces)
        trees = SettleContext(traces, writer_of(self.path), derive.execute)
        settle = SettleUsage(ledger, traces, writer_of(self.path), trees.execute)
        trails = NoteTrails(traces, MemoryTrailIndex())
        return CatchUp(traces, markers, index, index, ledger, settle, IndexTraces(traces), trails)
