"""What every TraceIndex keeps to; the documents come through the IndexWriter of the same index."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from opentraces.domain.ids import SessionId, TraceId, trace_id
from opentraces.domain.query import Query
from opentraces.domain.query_text import parse_query
from opentraces.domain.search import Found, Place
from opentraces.domain.searchable import StepDocument, TraceDocument
from opentraces.ports.index import IndexState, TraceIndex
from opentraces.ports.index_writing import IndexWriter

NOW = datetime(2026, 3, 1, tzinfo=UTC)
NEW_YEAR = 1_767_225_600_000
DAY = 86_400_000

MANY_SCRIPTS = "λόγοι ёлка i̇x İx हिन्दी Ⓐⓑ 数字"

A, B, C = (trace_id("claude-code", SessionId(name)) for name in "abc")


def step(
    trace: TraceId, number: int = 1, text: str = "", place: Place = Place.AGENT, **facts: Any
) -> StepDocument:
    texts = {place: text} if text else {}
    return replace(StepDocument(trace, number, NEW_YEAR, texts, (), (), None, False), **facts)


def whole(trace: TraceId, **facts: Any) -> TraceDocument:
    session = SessionId(f"session of {trace}")
    plain = TraceDocument(
        trace, 1, 0, 10, "claude-code", session, "", "", started=NEW_YEAR, ended=NEW_YEAR
    )
    return replace(plain, **facts)


def fill(writer: IndexWriter, documents: Iterable[StepDocument | TraceDocument]) -> None:
    with writer.updating() as update:
        for document in documents:
            if isinstance(document, StepDocument):
                update.put_step(document, replaces=False)
            else:
                update.put_trace(document)
        update.commit()


class TraceIndexContract:
    @pytest.fixture
    def index(self) -> TraceIndex:
        raise NotImplementedError("give an index that was never written")

    @pytest.fixture
    def writer(self, index: TraceIndex) -> IndexWriter:
        raise NotImplementedError("give the writer of that index")

    def find(self, index: TraceIndex, text: str, limit: int = 10) -> Found:
        return index.search(parse_query(text, now=NOW), limit)

    def traces(self, index: TraceIndex, text: str) -> set[TraceId]:
        found = self.find(index, text)
        assert found.total == len(found.traces)
        return {trace.trace for trace in found.traces}

    def steps(self, index: TraceIndex, text: str) -> list[int]:
        return [step.step for trace in self.find(index, text).traces for step in trace.steps]

    def test_is_absent_before_the_first_commit(
        self, index: TraceIndex, writer: IndexWriter
    ) -> None:
        assert index.state() is IndexState.ABSENT
        with writer.updating() as update:
            update.put_step(step(A, text="lost"), replaces=False)
        assert index.state() is IndexState.ABSENT

    def test_nothing_is_damaged_that_nobody_touched(
        self, index: TraceIndex, writer: IndexWriter
    ) -> None:
        assert index.damaged() == ()
        for number in range(1, 12):
            fill(writer, [step(A, number, "said"), whole(A, commit=number)])
            assert index.damaged() == ()

    def test_is_ready_once_committed_even_with_nothing(
        self, index: TraceIndex, writer: IndexWriter
    ) -> None:
        fill(writer, [])

        assert index.state() is IndexState.READY
        assert self.find(index, "anything") == Found(0, ())
        assert self.find(index, "") == Found(0, ())

    @pytest.mark.parametrize("place", list(Place))
    def test_a_text_is_found_in_every_place(
        self, index: TraceIndex, writer: IndexWriter, place: Place
    ) -> None:
        if place is Place.TITLE:
            fill(writer, [whole(A, title="the needle"), whole(B)])
        else:
            fill(writer, [step(A, text="the needle", place=place), step(B, text="hay")])

        assert self.traces(index, "needle") == {A}

    @pytest.mark.parametrize(
        ("asked", "is_found"),
        [
            ("getUser", True),
            ("GETUSER", True),
            ("get_user", True),
            ("user", True),
            ("use", False),
            ('"user name"', True),
            ('"name user"', False),
            ("user nothing", False),
            ("name -user", False),
            ("name -nothing", True),
            ('name -"get user"', False),
            ("a/b.c", True),
            ("c.b/a", False),
            ("f" * 64, True),
            ("x" * 255, True),
            ("x" * 256, False),
            ("!!!", False),
            ("!!! user", True),
            (MANY_SCRIPTS.upper(), True),
            ("İx", True),
            ("ix", False),
            ("हिन्दी", True),
        ],
    )
    def test_words_and_phrases(
        self, index: TraceIndex, writer: IndexWriter, asked: str, is_found: bool
    ) -> None:
        text = f"getUser get_user name: a/b.c {'f' * 64} {'x' * 255} {'x' * 256} {MANY_SCRIPTS}"
        fill(writer, [step(A, text=text), whole(A)])

        assert self.traces(index, asked) == ({A} if is_found else set())

    def test_a_word_too_long_to_be_found_keeps_its_place(
        self, index: TraceIndex, writer: IndexWriter
    ) -> None:
        fill(writer, [step(A, text=f"before {'x' * 300} after")])

        assert self.traces(index, '"before after"') == set()
        assert self.traces(index, f'"before {"y" * 300} after"') == {A}

    def test_a_phrase_does_not_cross_places(self, index: TraceIndex, writer: IndexWriter) -> None:
        texts = {Place.AGENT: "one", Place.TOOL: "two"}
        fill(writer, [StepDocument(A, 1, NEW_YEAR, texts, (), (), None, False)])

        assert self.traces(index, '"one two"') == set()
        assert self.traces(index, "one two") == {A}

    def test_all_must_hold_of_one_step(self, index: TraceIndex, writer: IndexWriter) -> None:
        fill(writer, [step(A, 1, "one"), step(A, 2, "two", error=True)])

        assert self.traces(index, "one two") == set()
        assert self.traces(index, "one error:true") == set()
        assert self.steps(index, "two error:true") == [2]

    @pytest.mark.parametrize(
        ("asked", "is_found"),
        [
            ("tool:Bash", True),
            ("tool:bash", True),
            ("tool:Bas", False),
            ("tool:b*h", True),
            ("tool:mcp__*", True),
            ("-tool:Bash", False),
            ("-tool:Edit", True),
            ("model:opus", True),
            ("model:claude-opus-4", True),
            ("model:claude-4", False),
            ("error:true", True),
            ("error:false", False),
            ("file:/home/dev/src/main.py", True),
            ("file:src/main.py", True),
            ("file:main.py", True),
            ("file:ain.py", False),
            ("file:src", True),
            ("file:src/**", True),
            ("file:*.py", True),
            ("file:*.rs", False),
            ("file:s?c/*.py", True),
            ("file:dev/**/main.py", True),
            ("file:/src/main.py", False),
            ("file:" + "a" * 3000, False),
            ("-file:*.rs", True),
            ("tool:Bash file:*.py model:opus error:yes", True),
        ],
    )
    def test_fields_of_a_step(
        self, index: TraceIndex, writer: IndexWriter, asked: str, is_found: bool
    ) -> None:
        document = step(
            A,
            tools=("Bash", "mcp__git__log"),
            files=("/home/dev/src/Main.py", "README.md"),
            model="claude-opus-4-1",
            error=True,
        )
        fill(writer, [whole(A), document])

        assert self.steps(index, asked) == ([1] if is_found else [])

    @pytest.mark.parametrize(
        ("asked", "is_found"),
        [
            ("agent:codex-cli", True),
            ("agent:codex", True),
            ("agent:pi", False),
            ("-agent:pi", True),
            ("-agent:codex", False),
            ("project:api", True),
            ("project:/home/dev/api", True),
            ("project:/home/dev", True),
            ("project:/home/dev/ap", False),
            ("project:/home/dev/api/src", False),
            ("project:dev/api", True),
            ("agent:codex -project:api", False),
        ],
    )
    def test_fields_of_a_trace(
        self, index: TraceIndex, writer: IndexWriter, asked: str, is_found: bool
    ) -> None:
        others: list[StepDocument | TraceDocument] = [
            whole(B, agent="hermes", project="/srv/web"),
            step(B, text="other"),
        ]
        mine = whole(A, agent="codex-cli", project="/home/dev/api")
        fill(writer, [step(A, text="before"), mine, step(A, 2, text="after"), *others])

        found = {trace.trace for trace in self.find(index, asked).traces}
        assert (A in found) is is_found
        assert self.steps(index, asked) == []
        assert self.steps(index, f"before {asked}") == ([1] if is_found else [])
        assert self.steps(index, f"after {asked}") == ([2] if is_found else [])

    def test_a_trace_moved_to_another_project_takes_its_steps_along(
        self, index: TraceIndex, writer: IndexWriter
    ) -> None:
        fill(writer, [step(A, text="old"), whole(A, project="/old"), whole(B, project="/b")])
        fill(writer, [whole(A, project="/new")])

        assert self.steps(index, "old project:/new") == [1]
        assert self.steps(index, "old project:/old") == []

    def test_what_asks_for_traces_only_is_answered_by_traces(
        self, index: TraceIndex, writer: IndexWriter
    ) -> None:
        fill(writer, [whole(A), step(A, text="x")])

        for asked in ("", "agent:claude", "-agent:pi", "since:2025-01-01", "until:2027-01-01"):
            (found,) = self.find(index, asked).traces
            assert (found.trace, found.steps) == (A, ())

    def test_a_title_answers_for_the_trace_as_a_whole(
        self, index: TraceIndex, writer: IndexWriter
    ) -> None:
        fill(writer, [whole(A, title="Retry the upload"), step(A, 1, "other")])

        assert self.steps(index, "retry agent:claude") == [0]
        assert self.steps(index, "retry error:false") == []
        assert self.steps(index, "retry -upload") == []

    def test_times_bound_the_moment_of_a_step(self, index: TraceIndex, writer: IndexWriter) -> None:
        documents = [step(A, n, "x", moment=NEW_YEAR + n * DAY) for n in (1, 2, 3)]
        fill(writer, [whole(A), *documents, step(A, 4, "x", moment=0)])

        assert set(self.steps(index, "x")) == {1, 2, 3} or len(self.steps(index, "x")) == 3
        assert self.steps(index, "x since:2026-01-03T12:00") == [3]
        assert self.steps(index, "x until:2026-01-02T12:00") == [1]
        assert self.steps(index, "x since:2026-01-02T12:00 until:2026-01-03T12:00") == [2]
        assert self.steps(index, "x since:2026-01-04") == []
        assert self.steps(index, "x until:2026-01-02") == []

    def test_times_bound_a_trace_by_its_begin_and_end(
        self, index: TraceIndex, writer: IndexWriter
    ) -> None:
        fill(writer, [whole(A, ended=NEW_YEAR + 2 * DAY), whole(B, started=0, ended=0)])

        assert self.traces(index, "since:2026-01-02") == {A}
        assert self.traces(index, "until:2026-01-02") == {A}
        assert self.traces(index, "since:2026-01-03") == set()
        assert self.traces(index, "until:2026-01-01") == set()
        assert self.traces(index, "until:2030-01-01") == {A}

    @pytest.mark.parametrize("bound", [-5, 0, 1, -(2**62), 2**62])
    def test_extreme_times_are_no_error(
        self, index: TraceIndex, writer: IndexWriter, bound: int
    ) -> None:
        fill(writer, [whole(A), whole(B, started=0, ended=0)])

        late = bound >= NEW_YEAR
        assert index.search(Query(since=bound), 9).total == (0 if late else 1)
        assert index.search(Query(until=bound), 9).total == (1 if late else 0)

    def test_without_text_the_newest_come_first(
        self, index: TraceIndex, writer: IndexWriter
    ) -> None:
        ends = {A: 2, B: 3, C: 1}
        fill(writer, [whole(t, ended=NEW_YEAR + n * DAY) for t, n in ends.items()])
        fill(writer, [step(t, tools=("Bash",), moment=NEW_YEAR - n * DAY) for t, n in ends.items()])

        assert [found.trace for found in self.find(index, "").traces] == [B, A, C]
        assert [found.trace for found in self.find(index, "tool:Bash").traces] == [C, A, B]

    def test_equally_good_ones_come_newest_first(
        self, index: TraceIndex, writer: IndexWriter
    ) -> None:
        traces = [trace_id("pi", SessionId(str(n))) for n in range(40)]
        fill(writer, [step(t, text="same", moment=NEW_YEAR + n) for n, t in enumerate(traces)])

        found = self.find(index, "same", limit=2)
        assert [trace.trace for trace in found.traces] == [traces[39], traces[38]]
        assert found.total == 40

    def test_more_of_what_is_asked_for_is_better(
        self, index: TraceIndex, writer: IndexWriter
    ) -> None:
        filler = [step(C, n, "nothing to see here at all") for n in range(1, 20)]
        fill(
            writer,
            [step(A, text="retry once or wait"), step(B, text="retry retry, retry"), *filler],
        )

        found = self.find(index, "retry").traces
        assert [trace.trace for trace in found] == [B, A]
        assert found[0].score > found[1].score

    def test_of_each_trace_its_three_best_steps_are_given(
        self, index: TraceIndex, writer: IndexWriter
    ) -> None:
        many = [step(A, n, "retry " * n + "other words " * 9) for n in range(1, 30)]
        fill(writer, [*many, step(B, 1, "retry and many other words, one after the other")])

        found = self.find(index, "retry")
        of_a = next(trace for trace in found.traces if trace.trace == A)
        of_b = next(trace for trace in found.traces if trace.trace == B)
        assert found.total == 2
        assert len(of_a.steps) == 3
        assert of_a.score == of_a.steps[0].score
        assert [s.score for s in of_a.steps] == sorted((s.score for s in of_a.steps), reverse=True)
        assert [s.step for s in of_b.steps] == [1]

    def test_limit_bounds_the_traces_and_not_the_total(
        self, index: TraceIndex, writer: IndexWriter
    ) -> None:
        traces = [trace_id("pi", SessionId(str(n))) for n in range(30)]
        fill(writer, [step(t, n, "same words") for t in traces for n in range(1, 31)])

        for limit in (0, 1, 7, 30, 1000):
            found = self.find(index, "same", limit)
            assert found.total == 30
            assert len({trace.trace for trace in found.traces}) == min(limit, 30)
            assert all(len(trace.steps) == 3 for trace in found.traces)

    def test_an_answer_is_the_same_every_time(self, index: TraceIndex, writer: IndexWriter) -> None:
        traces = [trace_id("pi", SessionId(str(n))) for n in range(30)]
        fill(writer, [step(t, n, "same words") for t in traces for n in range(1, 5)])

        assert self.find(index, "same", 5) == self.find(index, "same", 5)
        assert self.find(index, "same", 5).traces == self.find(index, "same", 20).traces[:5]

    def test_a_search_sees_what_was_committed_since_the_last(
        self, index: TraceIndex, writer: IndexWriter
    ) -> None:
        fill(writer, [step(A, text="one")])
        assert self.traces(index, "one") == {A}
        fill(writer, [step(B, text="one")])
        assert self.traces(index, "one") == {A, B}

    def test_half_of_a_surrogate_pair_is_no_error(
        self, index: TraceIndex, writer: IndexWriter
    ) -> None:
        half = "\ud83d"
        document = step(A, text=f"a{half}b", tools=(half,), files=(f"/x{half}/y",), model=half)
        fill(writer, [document, whole(A, title=half, project=half)])

        assert self.traces(index, '"a b"') == {A}
        for asked in (half, f"tool:{half}", f"file:x{half}/y", f"project:/x{half}", f"-{half}aaa"):
            assert self.find(index, asked).total in (0, 1)
