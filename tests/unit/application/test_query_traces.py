import sys
from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime
from subprocess import run
from typing import Any

import pytest

from opentraces.adapters.memory.bucket import KeptTrace, MemoryBucket
from opentraces.adapters.memory.index import MemoryIndex
from opentraces.adapters.memory.markers import MemoryMarkers
from opentraces.adapters.memory.texts import MemoryStepTexts
from opentraces.adapters.memory.writing import MemoryTraceWriter
from opentraces.application.query_traces import QueryAnswer, QueryRequest, QueryTraces
from opentraces.domain.claiming import claim_of
from opentraces.domain.documents import step_document, trace_document
from opentraces.domain.ids import TraceId
from opentraces.domain.kept_step import KeptStep
from opentraces.domain.query_text import parse_query
from opentraces.domain.search import Facet, FacetCount, Match, Order
from tests.contracts.samples import A, B, answer, header, source, step

NOW = datetime(2026, 3, 1, tzinfo=UTC)


class Desk:
    """A bucket, its index, and the use case over both."""

    def __init__(self) -> None:
        self.bucket = MemoryBucket()
        self.index = MemoryIndex()
        markers = MemoryMarkers(self.bucket.committed_number)
        self.writer = MemoryTraceWriter(self.bucket, markers)
        self.use_case = QueryTraces(self.index, MemoryStepTexts(self.bucket))

    def keep(
        self, trace: TraceId, steps: Iterable[KeptStep], title: str = "A title", **facts: Any
    ) -> None:
        kept = list(steps)
        with self.writer.batch() as batch:
            edit = batch.edit(trace, wait=True)
            for each in kept:
                edit.append_step(each)
            edit.commit(header(source(0), steps=len(kept), title=title))
        with self.index.updating() as update:
            for each in kept:
                update.put_step(step_document(trace, each, claim_of(each)), replaces=False)
            update.put_trace(replace(trace_document(edit.committed, 1), **facts))
            update.commit()

    def damage(self, trace: TraceId) -> None:
        kept = self.bucket.traces[trace]
        damaged = {name: b"x" + data[1:] for name, data in kept.files.items()}
        self.bucket.traces[trace] = KeptTrace(kept.envelope, damaged)

    def ask(self, text: str, limit: int = 10, **wanted: Any) -> QueryAnswer:
        return self.use_case.execute(QueryRequest(parse_query(text, now=NOW), limit, **wanted))


@pytest.fixture
def desk() -> Desk:
    return Desk()


def test_a_hit_says_which_trace_and_shows_where(desk: Desk) -> None:
    desk.keep(A, [step(1, "nothing"), step(2, "a needle here")], title="Sewing")

    (hit,) = desk.ask("needle").hits
    assert (hit.brief.trace, hit.brief.title, hit.brief.steps) == (A, "Sewing", 2)
    assert hit.matches == (Match(f"{A}:2", "user", "a «needle» here"),)
    assert hit.score > 0


def test_the_role_is_the_place_that_matches(desk: Desk) -> None:
    desk.keep(A, [answer(1)])

    places = {"look": "agent", "where": "thinking", "x.py": "call", "print": "tool"}
    for word, place in places.items():
        (hit,) = desk.ask(word).hits
        assert [match.role for match in hit.matches] == [place]


def test_a_title_that_matches_is_shown_under_the_address_of_the_trace(desk: Desk) -> None:
    desk.keep(A, [step(1)], title="The needle")

    (hit,) = desk.ask("needle").hits
    assert hit.matches == (Match(A, "title", "The «needle»"),)


def test_a_hit_shows_at_most_three_matches_best_first(desk: Desk) -> None:
    desk.keep(A, [step(n, "needle " * n) for n in range(1, 9)])

    (hit,) = desk.ask("needle").hits
    assert [match.ref for match in hit.matches] == [f"{A}:8", f"{A}:7", f"{A}:6"]


def test_a_commit_that_matches_is_shown_under_the_address_of_the_trace(desk: Desk) -> None:
    desk.keep(A, [step(1)], commits=(("7" * 40, "Retry the upload"), ("8" * 40, "Wait")))

    (hit,) = desk.ask("upload").hits
    assert hit.matches == (Match(A, "commit", "Retry the «upload» Wait"),)


def test_answers_go_on_behind_a_cursor_and_are_counted(desk: Desk) -> None:
    for trace in (A, B):
        desk.keep(trace, [answer(1)])

    first = desk.ask("look", 1, facets=(Facet.TOOL, Facet.AGENT))
    second = desk.ask("look", 1, after=first.hits[0].cursor)
    assert {hit.brief.trace for hit in (*first.hits, *second.hits)} == {A, B}
    assert (first.is_all, second.is_all) == (False, True)
    assert first.facets == {
        Facet.TOOL: (FacetCount("Read", 2),),
        Facet.AGENT: (FacetCount("claude-code", 2),),
    }


def test_what_a_trace_cost_is_told_in_the_order_of_cost(desk: Desk) -> None:
    desk.keep(A, [step(1, "needle")])

    assert [hit.cost_usd for hit in desk.ask("needle", order=Order.COST).hits] == [0.0]
    assert [hit.cost_usd for hit in desk.ask("needle").hits] == [None]


def test_without_text_a_step_shows_how_its_most_telling_place_begins(desk: Desk) -> None:
    desk.keep(A, [answer(1)])

    (hit,) = desk.ask("tool:Read").hits
    assert hit.matches == (Match(f"{A}:1", "call", "x.py"),)


def test_what_asks_for_traces_only_has_no_matches(desk: Desk) -> None:
    desk.keep(A, [step(1)])

    (hit,) = desk.ask("agent:claude-code").hits
    assert hit.matches == ()


def test_limit_bounds_the_hits_and_not_the_total(desk: Desk) -> None:
    desk.keep(A, [step(1, "needle")])
    desk.keep(B, [step(1, "needle")])

    answer_ = desk.ask("needle", limit=1)
    assert (answer_.total, len(answer_.hits)) == (2, 1)


def test_a_trace_that_is_gone_is_left_out(desk: Desk) -> None:
    desk.keep(A, [step(1, "needle")])
    desk.keep(B, [step(1, "needle")])
    desk.writer.delete(A)

    answer_ = desk.ask("needle")
    assert [hit.brief.trace for hit in answer_.hits] == [B]
    assert (answer_.total, answer_.damaged) == (1, ())


def test_a_step_that_is_gone_is_left_out(desk: Desk) -> None:
    desk.keep(A, [step(1, "needle"), step(2, "needle")])
    with desk.writer.batch() as batch:
        edit = batch.edit(A, wait=True)
        edit.restart_steps()
        edit.append_step(step(1, "needle"))
        edit.commit(header(source(0), steps=1))

    (hit,) = desk.ask("needle").hits
    assert [match.ref for match in hit.matches] == [f"{A}:1"]


def test_a_damaged_trace_is_told_and_hides_no_other(desk: Desk) -> None:
    desk.keep(A, [step(1, "needle")])
    desk.keep(B, [step(1, "needle")])
    desk.damage(A)

    answer_ = desk.ask("needle")
    assert {hit.brief.trace: len(hit.matches) for hit in answer_.hits} == {A: 0, B: 1}
    assert answer_.damaged == (A,)


def test_a_step_that_no_longer_says_it_is_shown_by_its_opening(desk: Desk) -> None:
    desk.keep(A, [step(1, "needle")])
    with desk.writer.batch() as batch:
        edit = batch.edit(A, wait=True)
        edit.append_step(step(1, "thread", revision=1))
        edit.commit(header(source(0), steps=1))

    (hit,) = desk.ask("needle").hits
    assert hit.matches == (Match(f"{A}:1", "user", "thread"),)


def test_searching_imports_no_models() -> None:
    names = ["application.query_traces", "domain.query_text", "adapters.tantivy_index.index"]
    imports = ", ".join(f"opentraces.{name}" for name in names)
    heavy = ("pydantic", "dependency_injector", "click", "rich", "zstandard", "isal", "asyncio")
    code = f"import sys, {imports}; print([n for n in {heavy} if n in sys.modules])"

    assert run([sys.executable, "-c", code], capture_output=True, check=True).stdout == b"[]\n"
