"""Add to trails what was found of their patches, and note it."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import field

from opentraces.application.observe_replaced import ObserveReplaced
from opentraces.application.observe_survival import ObserveSurvival
from opentraces.application.open_repository import Opened
from opentraces.application.read_trail import KeptTrail
from opentraces.domain.envelope import Envelope
from opentraces.domain.errors import Busy, Corrupt, NewerFormat, TraceNotFound
from opentraces.domain.ids import TraceId
from opentraces.domain.noting import credits_of
from opentraces.domain.slotted import frozen_dataclass, mutable_dataclass
from opentraces.domain.trail.anchoring import Looked, changed_anchors
from opentraces.domain.trail.events import Anchored, AnchorSearched, TrailEvent
from opentraces.domain.trail.noted import NotedCredit, Searched
from opentraces.ports.trace_writing import TraceBatch, TraceEdit, TraceWriter
from opentraces.ports.trail_index import TrailIndex

_TOGETHER = 64
"""Traces that are made durable together."""


_Wanted = tuple[KeptTrail, list[TrailEvent]]


@mutable_dataclass
class _Kept:
    traces: dict[TraceId, int] = field(default_factory=dict)
    credits: list[NotedCredit] = field(default_factory=list)


@frozen_dataclass
class KeepAnchors:
    """Adds to trails what was found of their patches, and notes it."""

    writer: TraceWriter
    index: TrailIndex
    survival: ObserveSurvival
    replaced: ObserveReplaced

    def execute(
        self,
        opened: Opened,
        looked: Looked,
        trails: Sequence[KeptTrail],
        fresh: Collection[TraceId],
        searched: Searched,
    ) -> None:
        """Write each trail that has something new to say; then note how far history was searched.

        `fresh`: traces that were never looked for in full. Raises Busy, StorageUnavailable.
        """
        kept = _Kept()
        wanted: list[_Wanted] = []
        for each, events in zip(trails, self._events(opened, looked, trails), strict=True):
            trace = each.envelope.trace_id
            kept.credits += _credits(each, events)
            if events or (trace in fresh and each.trail.patches):
                wanted.append((each, [*events, _searched(looked, searched)]))
            else:
                kept.traces[trace] = each.envelope.commit
        for start in range(0, len(wanted), _TOGETHER):
            self._write(wanted[start : start + _TOGETHER], kept)
        self.index.settle(opened.key, searched, list(kept.traces.items()), kept.credits)

    def _events(
        self, opened: Opened, looked: Looked, trails: Sequence[KeptTrail]
    ) -> Iterator[list[TrailEvent]]:
        """Yield, for each trail, what it does not say yet."""
        befores = [each.trail.anchored_in(looked.repository) for each in trails]
        changed = [
            list(
                changed_anchors(
                    looked, each.trail.patches.keys(), before, is_whole=_is_whole(each.envelope)
                )
            )
            for each, before in zip(trails, befores, strict=True)
        ]
        asked = [(each.trail, found) for each, found in zip(trails, changed, strict=True)]
        left = self.survival.execute(opened, looked, asked)
        again = self.replaced.execute(opened, looked, list(zip(trails, changed, strict=True)))
        for found, superseded, survivals in zip(changed, again, left, strict=True):
            yield [*found, *superseded, *survivals]

    def _write(self, wanted: Sequence[_Wanted], kept: _Kept) -> None:
        """Write some trails together; those that another process holds, one after the other."""
        late: list[_Wanted] = []
        with self.writer.batch() as batch:
            edits = [self._edited(batch, each, late) for each in wanted]
        for edit in filter(None, edits):
            kept.traces[edit.committed.trace_id] = edit.committed.commit
        for each in late:
            with self.writer.batch() as batch:
                edited = self._edited(batch, each, None)
            if edited is not None:
                kept.traces[edited.committed.trace_id] = edited.committed.commit

    def _edited(
        self, batch: TraceBatch, wanted: _Wanted, late: list[_Wanted] | None
    ) -> TraceEdit | None:
        """Write one trail. None: it cannot be now; `late` takes it where waiting may help."""
        one, events = wanted
        try:
            edit = batch.edit(one.envelope.trace_id, wait=late is None)
        except Busy:
            if late is None:
                raise
            late.append(wanted)
            return None
        except (Corrupt, NewerFormat, TraceNotFound):
            return None
        if edit.envelope is None:
            return None
        for event in events:
            edit.append_trail(event)
        edit.commit(edit.envelope.header)
        return edit


def _is_whole(envelope: Envelope) -> bool:
    """Whether all bytes of a trace are kept: none was let go by retention."""
    return all(source.released is None for source in envelope.header.sources)


def _searched(looked: Looked, searched: Searched) -> AnchorSearched:
    """Say up to when history was searched; the tips of the branches stand for it."""
    return AnchorSearched(
        repository=looked.repository,
        until=searched.until,
        tips=tuple(sorted(looked.heads.leading)),
    )


def _credits(kept: KeptTrail, events: Sequence[TrailEvent]) -> Iterator[NotedCredit]:
    for event in events:
        if isinstance(event, Anchored):
            patch = kept.trail.patches[event.patch_id]
            yield from credits_of(kept.envelope.trace_id, patch, event)
