"""The whole program in memory: real use cases and the real parser over memory adapters."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from itertools import count
from typing import Any

from opentraces.adapters.claude_code.hook_events import ClaudeCodeHookEvents
from opentraces.adapters.claude_code.parser import ClaudeCodeParser
from opentraces.adapters.memory.blobs import MemoryBlobStore
from opentraces.adapters.memory.bucket import MemoryBucket
from opentraces.adapters.memory.clock import FixedClock
from opentraces.adapters.memory.cursors import MemoryCursors
from opentraces.adapters.memory.index import MemoryIndex
from opentraces.adapters.memory.keeper import MemoryBucketKeeper
from opentraces.adapters.memory.ledger import MemoryLedger
from opentraces.adapters.memory.markers import MemoryMarkers
from opentraces.adapters.memory.progress import MemoryProgress
from opentraces.adapters.memory.sessions import MemorySessions
from opentraces.adapters.memory.spool import MemoryEventSpool
from opentraces.adapters.memory.texts import MemoryStepTexts
from opentraces.adapters.memory.traces import MemoryTraceStore
from opentraces.adapters.memory.trail_index import MemoryTrailIndex
from opentraces.adapters.memory.use_sums import MemoryUseSums
from opentraces.adapters.memory.worktree_signs import MemoryWorktrees
from opentraces.adapters.memory.writing import MemoryTraceWriter
from opentraces.application.capture_session import CaptureSession
from opentraces.application.catch_up import CatchUp
from opentraces.application.delete_trace import DeleteTrace
from opentraces.application.derive_context import DeriveContext
from opentraces.application.find_changes import FindChanges
from opentraces.application.import_sessions import ImportSessions
from opentraces.application.imported import Imported
from opentraces.application.index_traces import IndexTraces
from opentraces.application.ingest_all import IngestAll
from opentraces.application.ingest_events import Ingested, IngestEvents
from opentraces.application.joined_trail import joined_trail
from opentraces.application.keep_batch import KeepBatch
from opentraces.application.kept_texts import KeptTexts
from opentraces.application.live_sessions import LiveSessions
from opentraces.application.note_trails import NoteTrails
from opentraces.application.observe_manifests import ObserveManifests
from opentraces.application.query_traces import QueryAnswer, QueryRequest, QueryTraces
from opentraces.application.read_dependencies import ReadDependencies
from opentraces.application.release_sources import ReleaseSources
from opentraces.application.resolve_trace import ResolveTrace
from opentraces.application.settle_context import SettleContext
from opentraces.application.settle_usage import SettleUsage
from opentraces.domain.assemble import NO_HOOKS, Derived, assemble, wire_bytes
from opentraces.domain.copies import copied_steps
from opentraces.domain.envelope import Envelope
from opentraces.domain.errors import TraceNotFound
from opentraces.domain.hook_facts import HookFacts
from opentraces.domain.ids import SessionId, TraceId, trace_id
from opentraces.domain.query_text import parse_query
from opentraces.domain.session import Agent, FoundSession, Scope, SourceFile, SourceKind
from opentraces.domain.trace import TraceRecord
from opentraces.ports.parsing import TraceParser
from tests.changing_parser import ChangingParser

NOW = datetime(2026, 11, 23, tzinfo=UTC)
FOLDER = "/home/dev/widgets"


class MemoryWorld:
    """One machine: what an agent leaves, and what is kept of it."""

    def __init__(
        self,
        release: str = "1",
        agent: MemorySessions | None = None,
        spool: MemoryEventSpool | None = None,
        index: MemoryIndex | None = None,
        ledger: MemoryLedger | None = None,
        parser: TraceParser | None = None,
    ) -> None:
        self.bucket = MemoryBucket()
        self.parser = ChangingParser(ClaudeCodeParser()) if parser is None else parser
        self.agent = MemorySessions() if agent is None else agent
        self.spool = MemoryEventSpool() if spool is None else spool
        self.events = ClaudeCodeHookEvents()
        self.hooks = {Agent.CLAUDE_CODE: self.events}
        self.clock = FixedClock()
        self.telemetry = MemoryEventSpool()
        self.sessions = LiveSessions(self.agent, self.spool, telemetry=self.telemetry)
        self.traces = MemoryTraceStore(self.bucket)
        self.blobs = MemoryBlobStore(self.bucket)
        self.markers = MemoryMarkers(self._committed)
        self.writer = MemoryTraceWriter(self.bucket, self.markers)
        self.index = MemoryIndex() if index is None else index
        self.ledger = MemoryLedger() if ledger is None else ledger
        self.progress = MemoryProgress()
        self.cursors = MemoryCursors()
        self.sums = MemoryUseSums()
        self.worktrees = MemoryWorktrees()
        derive = DeriveContext({Agent.CLAUDE_CODE: self.parser}, self.traces, self.blobs)
        trees = SettleContext(self.traces, self.writer, derive.execute)
        settle = SettleUsage(self.ledger, self.traces, self.writer, trees.execute)
        indexing = IndexTraces(self.traces)
        self.trails = MemoryTrailIndex()
        noting = NoteTrails(self.traces, self.trails)
        self.catch_up = CatchUp(
            self.traces, self.markers, self.index, self.index, self.ledger, settle, indexing, noting
        )
        self.capture = CaptureSession(
            {Agent.CLAUDE_CODE: self.sessions},
            {Agent.CLAUDE_CODE: self.parser},
            self.traces,
            self.blobs,
            self.progress,
            self.worktrees,
            ObserveManifests(self.worktrees),
            release,
        )
        self.imports = ImportSessions(
            keeper=MemoryBucketKeeper(self.bucket),
            find=FindChanges(self.sessions, self.cursors, self.traces),
            keep_batch=KeepBatch(self.capture, self.writer, self.markers),
            catch_up=self.catch_up,
            spools={
                SourceKind.HOOKS: {Agent.CLAUDE_CODE: self.spool},
                SourceKind.TELEMETRY: {Agent.CLAUDE_CODE: self.telemetry},
            },
        )

    def leave(self, session: str, files: Mapping[str, bytes], place: str = "") -> None:
        """Let the agent leave a session: its files by name, the transcript as `<session>.jsonl`.

        `place`: what stands before each name where the agent keeps them.
        """
        found = tuple(
            SourceFile(name, _kind(name, session), place + name, len(data), f"{len(data)}")
            for name, data in sorted(files.items(), key=lambda item: item[0] != _main(session))
        )
        contents = {place + name: data for name, data in files.items()}
        self.agent.add(
            FoundSession(Agent.CLAUDE_CODE, SessionId(session), found),
            contents,
            FOLDER,
        )

    def run(self, scope: Scope | None = None) -> Imported:
        """Import everything that changed."""
        return self.imports.execute(scope or Scope())

    def tell(self, session: str, name: str, **more: Any) -> bytes:
        """Let a hook write an event down; returns its line."""
        line = event_line(session, name, **more)
        self.spool.write(SessionId(session), line)
        return line

    def ingest(self, session: str | None = None) -> list[Ingested]:
        """Take up what hooks wrote down, as their worker does."""
        return list(self.worker().execute(SessionId(session) if session else None))

    def worker(self) -> IngestAll:
        """Return what a worker does."""
        use = IngestEvents(self.spool, self.sessions, self.events, self.imports, self.clock)
        return IngestAll((use,))

    def query(self, text: str) -> QueryAnswer:
        """Search."""
        texts = MemoryStepTexts(self.bucket)
        request = QueryRequest(parse_query(text, now=NOW), limit=100)
        return QueryTraces(self.index, texts).execute(request)

    def delete(self, session: str) -> None:
        """Delete a session's trace."""
        resolve = ResolveTrace(self.traces)
        DeleteTrace(self.writer, self.progress, self.catch_up, resolve, self.sums).execute(
            trace_of(session)
        )

    def record(self, session: str) -> TraceRecord:
        """Return the record of a session."""
        return self._record(trace_of(session))

    def records(self) -> dict[TraceId, bytes]:
        """Return every record as its wire bytes."""
        return {trace: wire_bytes(self._record(trace)) for trace in self.traces.ids()}

    def restored(self, session: str) -> dict[str, bytes]:
        """Return the kept bytes of a session's files that are not superseded, by name."""
        envelope = self.traces.envelope(trace_of(session))
        return {
            kept.name: b"".join(
                self.blobs.get(kept.blob.blob)
                if kept.blob
                else self.traces.source(envelope, number, 0)
            )
            for number, kept in enumerate(envelope.header.sources)
            if not kept.superseded
        }

    def _record(self, trace: TraceId) -> TraceRecord:
        envelope = self.traces.envelope(trace)
        steps = tuple(self.traces.steps(envelope, 1, None))
        hooks = self._hooks(envelope)
        trail = tuple(joined_trail(envelope, hooks, self.traces, self.hooks))
        copied = copied_steps(steps, envelope.header.replays)
        read = ReadDependencies(KeptTexts(self.traces))
        found = read.execute(envelope, steps, trail, copied)
        context = tuple(self.traces.context(envelope))
        return assemble(envelope, steps, hooks, trail=trail, derived=Derived(found, context))

    def _hooks(self, envelope: Envelope) -> HookFacts:
        source = envelope.events_source
        if source is None:
            return NO_HOOKS
        return self.events.facts(self.traces.source(envelope, source, 0))

    def _committed(self, trace: TraceId) -> int:
        try:
            return self.traces.envelope(trace).commit
        except TraceNotFound:
            return 0


def release_of(world: MemoryWorld) -> ReleaseSources:
    """The use case that lets the bytes of old sessions go."""
    return ReleaseSources(world.traces, world.blobs, world.writer)


def trace_of(session: str) -> TraceId:
    """Name a session's trace."""
    return trace_id(Agent.CLAUDE_CODE.value, SessionId(session))


_moments = count(1_795_000_000_000_000_000)


def event_line(session: str, name: str, **more: Any) -> bytes:
    """Return a line of the spool as a hook writes it; no two are alike."""
    said = {"session_id": session, "transcript_path": _main(session), "cwd": FOLDER}
    event = {**said, "hook_event_name": name, **more}
    return json.dumps({"opentraces": 1, "at": next(_moments), "event": event}).encode() + b"\n"


def _main(session: str) -> str:
    return f"{session}.jsonl"


def _kind(name: str, session: str) -> SourceKind:
    if name.rpartition("/")[2] == _main(session):
        return SourceKind.TRANSCRIPT
    if name.endswith(".meta.json"):
        return SourceKind.NOTE
    return SourceKind.SUBAGENT if name.endswith(".jsonl") else SourceKind.OUTPUT
