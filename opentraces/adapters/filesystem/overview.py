"""All kept traces at a glance, from their envelopes. Imports no models."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from opentraces.adapters.filesystem.kept_files import envelope_name
from opentraces.adapters.filesystem.raw_envelope import (
    count,
    read_envelope,
    taken_from,
    text,
    text_or_none,
)
from opentraces.adapters.filesystem.trace_ids import trace_ids
from opentraces.adapters.filesystem.tree import Tree
from opentraces.domain.errors import Corrupt, NewerFormat, TraceNotFound
from opentraces.domain.ids import SessionId, TraceId
from opentraces.domain.kept_brief import AlienFile, KeptBrief
from opentraces.domain.line_counts import LineCounts
from opentraces.domain.skipping import ALARMS, why_no_trace
from opentraces.ports.overview import TraceOverview


class FilesystemTraceOverview(TraceOverview):
    """See TraceOverview."""

    def __init__(self, bucket: Path) -> None:
        """Look into `bucket`."""
        self._bucket = Tree(bucket)

    def briefs(self) -> Iterator[KeptBrief]:
        """See TraceOverview."""
        for trace in sorted(trace_ids(self._bucket), key=self._written, reverse=True):
            try:
                with taken_from(envelope_name(trace)):
                    brief = _brief(trace, read_envelope(self._bucket, trace)["header"])
            except (Corrupt, NewerFormat, TraceNotFound):
                continue
            yield brief

    def _written(self, trace: TraceId) -> int:
        try:
            return (self._bucket.root / envelope_name(trace)).stat().st_mtime_ns
        except OSError:
            return 0


def _brief(trace: TraceId, header: dict[str, Any]) -> KeptBrief:
    sources = [each for each in header.get("sources", ()) if not each.get("superseded")]
    facts = [each["facts"] for each in sources if each.get("facts")]
    releases = [release for each in facts for release in _releases(each)]
    unknown: dict[str, int] = {}
    for each in facts:
        for name, number in each.get("unknown_types", {}).items():
            unknown[name] = unknown.get(name, 0) + count(number)
    return KeptBrief(
        trace=trace,
        session=SessionId(text(header["session_id"])),
        agent=text(header["agent"]),
        folder=text_or_none(header.get("folder")),
        title=text_or_none(header.get("title")),
        ended=text_or_none(header.get("ended")),
        steps=count(header.get("steps", 0)),
        skipped=text_or_none(header.get("skipped")),
        release=releases[-1] if releases else None,
        unknown_types=unknown,
        bad_lines=sum(_lines(each).bad for each in facts),
        alien=tuple(
            AlienFile(text(each["location"]), next(reversed(_releases(each["facts"])), None))
            for each in sources
            if each.get("facts") is not None and _is_alien(each)
        ),
    )


def _releases(facts: dict[str, Any]) -> list[str]:
    return [text(release) for release in facts.get("versions", ())]


def _lines(facts: dict[str, Any]) -> LineCounts:
    lines = facts.get("lines", {})
    return LineCounts(*(count(lines.get(kind, 0)) for kind in ("recognised", "unknown", "bad")))


def _is_alien(source: dict[str, Any]) -> bool:
    facts = source["facts"]
    said = count(facts.get("prompts", 0)) + count(facts.get("responses", 0))
    return why_no_trace(said, _lines(facts), count(source["size"])) in ALARMS
