"""What every TraceOverview keeps to."""

from collections.abc import Iterator
from time import sleep

import pytest

from opentraces.domain.envelope import KeptSource, TraceHeader
from opentraces.domain.facts import SourceFacts
from opentraces.domain.ids import SessionId
from opentraces.domain.kept_brief import AlienFile, KeptBrief
from opentraces.domain.line_counts import LineCounts
from opentraces.domain.session import Agent, SourceKind
from opentraces.ports.overview import TraceOverview
from opentraces.ports.trace_writing import TraceWriter
from tests.contracts.samples import LINES, A, B, keep, step


def _sources() -> Iterator[KeptSource]:
    for number, (version, superseded) in enumerate([("2.0", False), ("2.1", False), ("9", True)]):
        facts = SourceFacts(
            versions=(version,),
            lines=LineCounts(recognised=1 if number else 9, unknown=2, bad=3),
            unknown_types={"odd": 2},
        )
        yield KeptSource(
            kind=SourceKind.TRANSCRIPT,
            name=f"{number}.jsonl",
            location=f"/home/u/{number}.jsonl",
            size=len(LINES) if number == 0 else 0,
            superseded=superseded,
            facts=facts,
        )


HEADER = TraceHeader(
    agent=Agent.CLAUDE_CODE,
    session_id=SessionId("s1"),
    title="A title",
    folder="/home/u/work",
    ended="2026-01-02T03:04:05Z",
    steps=3,
    skipped="nobody said anything",
    sources=tuple(_sources()),
)

TICK_S = 0.02
"""What is written within one tick of a file system's clock has no order."""


class TraceOverviewContract:
    @pytest.fixture
    def writer(self) -> TraceWriter:
        raise NotImplementedError("give a writer to an empty bucket")

    @pytest.fixture
    def overview(self, writer: TraceWriter) -> TraceOverview:
        raise NotImplementedError("give an overview of the same bucket")

    def test_an_empty_bucket_has_none(self, overview: TraceOverview) -> None:
        assert list(overview.briefs()) == []

    def test_what_was_written_last_comes_first(
        self, writer: TraceWriter, overview: TraceOverview
    ) -> None:
        keep(writer, A, step(1))
        sleep(TICK_S)
        keep(writer, B, step(1))
        assert [brief.trace for brief in overview.briefs()] == [B, A]

        sleep(TICK_S)
        keep(writer, A, step(2))

        assert [(brief.trace, brief.steps) for brief in overview.briefs()] == [(A, 2), (B, 1)]

    def test_a_brief_says_what_the_header_says_of_what_is_read(
        self, writer: TraceWriter, overview: TraceOverview
    ) -> None:
        with writer.batch() as batch:
            edit = batch.edit(A, wait=True)
            edit.append_source(0, LINES)
            edit.commit(HEADER)

        assert list(overview.briefs()) == [
            KeptBrief(
                trace=A,
                session=SessionId("s1"),
                agent="claude-code",
                folder="/home/u/work",
                title="A title",
                ended="2026-01-02T03:04:05Z",
                steps=3,
                skipped="nobody said anything",
                release="2.1",
                unknown_types={"odd": 4},
                bad_lines=6,
                alien=(AlienFile("/home/u/1.jsonl", "2.1"),),
            )
        ]

    def test_a_deleted_trace_is_not_there(
        self, writer: TraceWriter, overview: TraceOverview
    ) -> None:
        keep(writer, A, step(1))
        writer.delete(A)

        assert list(overview.briefs()) == []
