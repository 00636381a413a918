"""All kept traces at a glance, from a dict."""

from collections.abc import Iterator

from opentraces.adapters.memory.bucket import MemoryBucket
from opentraces.domain.envelope import Envelope
from opentraces.domain.header import alien_files, lines_of, live_facts
from opentraces.domain.kept_brief import AlienFile, KeptBrief
from opentraces.ports.overview import TraceOverview


class MemoryTraceOverview(TraceOverview):
    """See TraceOverview."""

    def __init__(self, bucket: MemoryBucket) -> None:
        self._bucket = bucket

    def briefs(self) -> Iterator[KeptBrief]:
        """See TraceOverview."""
        for kept in reversed(list(self._bucket.traces.values())):
            yield _brief(kept.envelope)


def _brief(envelope: Envelope) -> KeptBrief:
    header = envelope.header
    facts = live_facts(header.sources)
    alien = alien_files(header)
    unknown: dict[str, int] = {}
    for each in facts:
        for name, number in each.unknown_types.items():
            unknown[name] = unknown.get(name, 0) + number
    return KeptBrief(
        trace=envelope.trace_id,
        session=header.session_id,
        agent=header.agent.value,
        folder=header.folder,
        title=header.title,
        ended=header.ended,
        steps=header.steps,
        skipped=header.skipped,
        release=next((each.versions[-1] for each in reversed(facts) if each.versions), None),
        unknown_types=unknown,
        bad_lines=lines_of(facts).bad,
        alien=tuple(
            AlienFile(kept.location, next(reversed(kept.facts.versions), None))
            for kept in header.sources
            if kept.facts is not None and kept.location in alien
        ),
    )
