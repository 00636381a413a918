"""Note trails, so that questions about a repository need not read all of them."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import field
from itertools import islice

from opentraces.domain.envelope import Envelope
from opentraces.domain.errors import Corrupt, NewerFormat, TraceNotFound
from opentraces.domain.ids import TraceId
from opentraces.domain.noting import is_noted, noted_length, noted_trail
from opentraces.domain.slotted import frozen_dataclass, mutable_dataclass
from opentraces.domain.trail.noted import NotedTrace, NotedTrail
from opentraces.ports.traces import TraceStore
from opentraces.ports.trail_noting import TrailNoting

_TOGETHER = 256
"""Traces that are noted in one go: each time is made durable."""


@mutable_dataclass
class Unread:
    """Traces whose trails could not be read; what was noted of them before stays."""

    damaged: set[TraceId] = field(default_factory=set)
    """Those that are damaged, or changed while they were read."""

    later: set[TraceId] = field(default_factory=set)
    """Those that only a later release understands."""

    @property
    def traces(self) -> set[TraceId]:
        """All of them."""
        return self.damaged | self.later


@frozen_dataclass
class NoteTrails:
    """Note trails; a trace that has none is not noted."""

    traces: TraceStore
    noting: TrailNoting

    def execute(self, envelopes: Iterable[Envelope], gone: Collection[TraceId] = ()) -> Unread:
        """Note what the trails of some traces say, and forget those that are gone.

        Reads only what is not noted yet. Raises Busy, StorageUnavailable.
        """
        unread = Unread()
        self._note((), gone, self.noting.known(gone) if gone else {}, unread)
        rest = iter(envelopes)
        while some := list(islice(rest, _TOGETHER)):
            known = self.noting.known([envelope.trace_id for envelope in some])
            self._note(some, (), known, unread)
        return unread

    def renew(self) -> Unread:
        """Note every trail there is, and what was found of it, when all that was noted is lost.

        Nothing happens where it is not. Raises Busy, StorageUnavailable.
        """
        unread = Unread()
        if not self.noting.is_complete():
            self.noting.renew(self._all(unread))
        return unread

    def _note(
        self,
        envelopes: Collection[Envelope],
        gone: Collection[TraceId],
        known: Mapping[TraceId, NotedTrace],
        unread: Unread,
    ) -> None:
        trails: list[NotedTrail] = []
        less = [trace for trace in gone if trace in known]
        for envelope in envelopes:
            before = known.get(envelope.trace_id)
            if not _has_trail(envelope):
                less += [before.trace] if before else []
            elif not is_noted(envelope, before):
                trails += self._read(envelope, before, unread)
        if trails or less:
            self.noting.note(trails, less)

    def _all(self, unread: Unread) -> Iterator[NotedTrail]:
        for trace in self.traces.ids():
            try:
                envelope = self.traces.envelope(trace)
            except TraceNotFound:
                continue
            except Corrupt:
                unread.damaged.add(trace)
            except NewerFormat:
                unread.later.add(trace)
            else:
                if _has_trail(envelope):
                    yield from self._read(envelope, None, unread)

    def _read(
        self, envelope: Envelope, before: NotedTrace | None, unread: Unread
    ) -> tuple[NotedTrail, ...]:
        """Return what is to be noted of a trail; nothing where it cannot be read."""
        offset = noted_length(envelope, before)
        try:
            events = self.traces.trail(envelope, offset)
            return (noted_trail(envelope, events, before if offset else None),)
        except (Corrupt, TraceNotFound):
            unread.damaged.add(envelope.trace_id)
        except NewerFormat:
            unread.later.add(envelope.trace_id)
        return ()


def _has_trail(envelope: Envelope) -> bool:
    return envelope.header.skipped is None and envelope.trail_length > 0
