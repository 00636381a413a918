"""Make the Context Tree of a kept trace again, out of its kept bytes."""

from collections.abc import Iterator, Mapping

from opentraces.application.reading import Means, OpenSource
from opentraces.application.source_change import Fate, SourceChange
from opentraces.application.sources import notes_of
from opentraces.domain.context.carried import carried
from opentraces.domain.context.events import ContextEvent
from opentraces.domain.context.lines import of_source
from opentraces.domain.envelope import Envelope
from opentraces.domain.session import Agent
from opentraces.domain.slotted import frozen_dataclass
from opentraces.ports.blobs import BlobStore
from opentraces.ports.parsing import TraceParser
from opentraces.ports.traces import TraceStore


@frozen_dataclass
class DeriveContext:
    """Make the Context Tree of a kept trace again, out of its kept bytes."""

    parsers: Mapping[Agent, TraceParser]
    traces: TraceStore
    blobs: BlobStore

    def execute(self, envelope: Envelope) -> tuple[ContextEvent, ...]:
        """Return all events: those of copied steps, and requests that were kept, included.

        What is kept already, where bytes were released. Raises Corrupt, StorageUnavailable.
        """
        stored = tuple(self.traces.context(envelope))
        if any(kept.released for kept in envelope.header.sources):
            return stored
        return (*carried(stored), *self._read(envelope))

    def _read(self, envelope: Envelope) -> Iterator[ContextEvent]:
        sources = envelope.header.sources
        changes = [SourceChange(n, kept, Fate.KEPT) for n, kept in enumerate(sources)]
        notes = dict(notes_of(changes, self.blobs))
        parser = self.parsers[envelope.header.agent]
        means = Means(parser, self.traces, envelope, _nothing_new, notes)
        for change in changes:
            if not change.is_read:
                continue
            source = OpenSource(means, change, None)
            source.settle()
            for _ in source.steps():
                pass
            for event in source.context():
                yield of_source(event, source.number)


def _nothing_new(_: SourceChange) -> Iterator[bytes]:
    return iter(())
