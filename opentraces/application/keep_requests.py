"""Keep the bodies of requests that an agent wrote for us, beside the sessions that made them."""

from collections.abc import Callable, Iterable

from opentraces.application.kept_values import KeptPlaces
from opentraces.domain.context.body_keeper import BodyKeeper, SaidIn
from opentraces.domain.context.events import ContextEvent
from opentraces.domain.context.tree import ContextTree
from opentraces.domain.envelope import BlobRef, Envelope
from opentraces.domain.errors import Busy, Corrupt, NewerFormat, TraceNotFound
from opentraces.domain.ids import BlobId, SessionId, TraceId, read_json, trace_id
from opentraces.domain.session import Agent
from opentraces.domain.slotted import frozen_dataclass
from opentraces.ports.blobs import BlobStore
from opentraces.ports.clock import Clock
from opentraces.ports.request_bodies import RequestBodies, WaitingBody
from opentraces.ports.trace_writing import TraceEdit, TraceWriter
from opentraces.ports.traces import TraceStore

_PATIENCE_NS = 10 * 60 * 1_000_000_000
"""How long a request waits for the session's own lines to tell of the thinking in it."""


@frozen_dataclass
class KeepRequests:
    """Keep the bodies of requests that an agent wrote for us, beside the sessions that made them.

    A request is kept once the session's own lines tell what the body leaves out, or after a while.
    A response that no line tells of, such as a title's, is kept beside the requests when all that
    wait are of one session.
    """

    bodies: RequestBodies
    traces: TraceStore
    blobs: BlobStore
    writer: TraceWriter
    clock: Clock
    said_in: SaidIn
    derive: Callable[[Envelope], tuple[ContextEvent, ...]]
    """Makes all events of a trace again: where nodes of copied steps are another's."""

    agent: Agent = Agent.CLAUDE_CODE
    """Who writes them."""

    def execute(self) -> int:
        """Keep what waits of sessions that are kept; returns how many bodies that were.

        Bodies of a session that is not kept, is damaged, or is held by another process go on
        waiting. Raises StorageUnavailable.
        """
        waiting = self.bodies.waiting()
        requests = [each for each in waiting if each.session is not None]
        sessions = sorted({each.session for each in requests if each.session is not None})
        alone = requests[0].written if len(sessions) == 1 else None
        return sum(self._keep(session, waiting, alone) for session in sessions)

    def stored(self, envelope: Envelope) -> tuple[ContextEvent, ...]:
        """Return the events of a trace's tree. Raises Corrupt, StorageUnavailable."""
        return tuple(self.traces.context(envelope))

    def _keep(self, session: SessionId, waiting: Iterable[WaitingBody], alone: int | None) -> int:
        trace = trace_id(self.agent.value, session)
        if self.writer.is_deleted(trace):
            self.bodies.remove(each.name for each in waiting if each.session == session)
            return 0
        try:
            taken = self._write(trace, session, waiting, alone)
        except (Busy, Corrupt, NewerFormat, TraceNotFound):
            return 0
        self.bodies.remove(taken)
        return len(taken)

    def _write(
        self, trace: TraceId, session: SessionId, waiting: Iterable[WaitingBody], alone: int | None
    ) -> list[str]:
        """Keep what is the session's; `alone`: since when no other has sent anything."""
        self.traces.envelope(trace)
        with self.writer.batch() as batch:
            edit = batch.edit(trace, wait=True)
            if edit.envelope is None:
                return []
            keeping = _Keeping(self, edit, edit.envelope)
            taken = [each.name for each in waiting if keeping.take(each, session, alone)]
            keeping.commit()
        return taken


class _Keeping:
    """The bodies of one session being kept."""

    def __init__(self, use: KeepRequests, edit: TraceEdit, envelope: Envelope) -> None:
        self._use = use
        self._edit = edit
        self._envelope = envelope
        self._refs: dict[BlobId, BlobRef] = {ref.blob: ref for ref in envelope.header.parts}
        events = use.derive(envelope) if envelope.header.replays else use.stored(envelope)
        tree = ContextTree.of(events)
        places = KeptPlaces(use.traces, use.blobs, envelope)
        self._keeper = BodyKeeper(places, self._put, use.said_in, events)
        self._answers = {answer for _, answer in tree.calls}
        self._kept = set(tree.bodies)
        self._latest = use.clock.now().timestamp() * 1e9 - _PATIENCE_NS

    def take(self, waiting: WaitingBody, session: SessionId, alone: int | None) -> bool:
        """Keep a body, if it is this session's and its time has come; says whether it is kept."""
        if waiting.name in self._kept:
            return True
        is_own = session == waiting.session or waiting.answer in self._answers
        if waiting.answer is not None and alone is not None:
            is_own = is_own or waiting.written >= alone
        data = self._use.bodies.read(waiting.name) if is_own else None
        if data is None or (waiting.kind == "request" and not self._is_ripe(waiting, data)):
            return False
        for event in self._keeper.keep(waiting.name, waiting.kind, data).events:
            self._edit.append_context(event)
        return True

    def commit(self) -> None:
        """Let all of it take effect."""
        parts = tuple(self._refs[blob] for blob in sorted(self._refs))
        self._edit.commit(self._envelope.header.but(parts=parts))

    def _is_ripe(self, waiting: WaitingBody, data: bytes) -> bool:
        if waiting.written < self._latest:
            return True
        try:
            return self._keeper.is_told(read_json(data))
        except ValueError:
            return False

    def _put(self, data: bytes) -> str:
        ref = self._use.blobs.put([data])
        self._refs[ref.blob] = ref
        return ref.blob
