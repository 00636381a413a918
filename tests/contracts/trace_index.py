"""What every TraceIndex keeps to; the documents come through the IndexWriter of the same index."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from opentraces.domain.identifiers import rows_of
from opentraces.domain.ids import SessionId, StepKey, TraceId, trace_id
from opentraces.domain.query import Query
from opentraces.domain.query_text import parse_query
from opentraces.domain.search import Facet, Found, Order, Place
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
        elif place is Place.COMMIT:
            fill(writer, [whole(A, commits=(("1" * 40, "the needle"),)), whole(B)])
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

    @pytest.mark.parametrize(
        ("asked", "is_found"),
        [
            ("user", True),
            ("name", True),
            ("getUserName", True),
            ("getusername", True),
            ("UserName", True),
            ('"user name"', True),
            ('"name user"', False),
            ('"user name http"', False),
            ("server", True),
            ("HTTPServer", True),
            ("sername", False),
            ("us*", True),
            ("getuser*", True),
            ("sern*", False),
            ("gtuser~", False),
            ("usre~", True),
            ("usrx~", False),
            ("usrx~2", True),
            ("resumé~", True),
            ("-user retry", False),
            ("-sername retry", True),
        ],
    )
    def test_names_are_found_whole_and_by_part_words_by_beginning_and_likeness(
        self, index: TraceIndex, writer: IndexWriter, asked: str, is_found: bool
    ) -> None:
        text = "getUserName HTTPServer résumé retry"
        fill(writer, [step(A, text=text, names=rows_of([text])), whole(A)])

        assert self.traces(index, asked) == ({A} if is_found else set())

    @pytest.mark.parametrize(
        ("asked", "expected"),
        [
            ("one OR two", {A, B}),
            ("one OR nowhere", {A}),
            ("both one OR two", {A, B}),
            ("(one both) OR nowhere", {A}),
            ("both -(one OR nowhere)", {B}),
            ("one OR -both", {A, C}),
            ("one OR tool:Edit", {A, B}),
            ("one OR agent:pi", {A, B}),
            ("one OR -agent:pi", {A, C}),
            ("agent:pi OR project:api", {B, C}),
            ("both agent:pi OR project:api", {B}),
            ("titled OR one", {A, C}),
            ("titled OR tool:Edit", {B, C}),
        ],
    )
    def test_one_of_several_is_enough(
        self, index: TraceIndex, writer: IndexWriter, asked: str, expected: set[TraceId]
    ) -> None:
        steps = [step(A, text="one both"), step(B, text="two both", tools=("Edit",))]
        wholes = [whole(A), whole(B, agent="pi"), whole(C, project="/srv/api", title="titled")]
        fill(writer, [*steps, step(C, text="three"), *wholes])

        assert self.traces(index, asked) == expected

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
            ("skill:Review", True),
            ("skill:acme:*", True),
            ("skill:rev", False),
            ("command:git", True),
            ('command:"git push"', True),
            ('command:"push git"', False),
            ("role:agent", True),
            ("role:user", False),
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
            skills=("review", "acme:deploy"),
            commands=("cd x && git push --force",),
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
            ("repo:acme/widgets", True),
            ("repo:Widgets", True),
            ("repo:github.com", True),
            ("repo:acme/*", True),
            ("repo:widget", False),
            ("branch:main", True),
            ("branch:FEATURE/*", True),
            ("branch:feature", False),
            ("commit:7d1e", True),
            ("commit:d1e0", False),
            ("session:896009f1", True),
            ("session:96009f1", False),
            (f"trace:{A[:8]}", True),
            (f"trace:{B[:8]}", False),
            ("dep:requests", True),
            ("dep:@Acme/*", True),
            ("dep:click", True),
            ("dep:request", False),
            ("-dep:click", False),
            ("has:patch", True),
            ("has:error", True),
            ("has:subagent", False),
            ("cost:>1", True),
            ("cost:>=1.5", True),
            ("cost:>1.5", False),
            ("cost:<2", True),
            ("tokens:>=12", True),
            ("tokens:>12", False),
            ("tokens:<=12", True),
            ("tokens:<12", False),
        ],
    )
    def test_fields_of_a_trace(
        self, index: TraceIndex, writer: IndexWriter, asked: str, is_found: bool
    ) -> None:
        others: list[StepDocument | TraceDocument] = [
            whole(B, agent="hermes", project="/srv/web"),
            step(B, text="other"),
        ]
        mine = whole(
            A,
            agent="codex-cli",
            project="/home/dev/api",
            session=SessionId("896009f1-15c5"),
            repo="github.com/acme/widgets",
            branches=("main", "feature/retry"),
            commits=(("7d1e0aa" + "0" * 33, "Retry twice"),),
            deps=("Requests", "@acme/ui"),
            has=("patch", "commit"),
            tokens=2,
            cost=500_000,
        )
        spent: dict[str, Any] = {"tokens": 10, "cost": 1_000_000, "error": True, "deps": ("click",)}
        first = step(A, text="before", key=StepKey("a" * 16), **spent)
        fill(writer, [first, step(A, 2, text="after", key=StepKey("b" * 16)), mine, *others])

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

    def test_a_commit_answers_by_its_subject(self, index: TraceIndex, writer: IndexWriter) -> None:
        commits = (("1" * 40, "Retry the upload"), ("2" * 40, ""), ("3" * 40, "Wait longer"))
        fill(writer, [step(A, text="x"), whole(A, title="A title", commits=commits)])

        (found,) = self.find(index, "upload").traces
        assert [each.step for each in found.steps] == [0]
        assert found.subjects == ("Retry the upload", "Wait longer")
        assert self.traces(index, '"upload wait"') == set()
        (other,) = self.find(index, "x").traces
        assert other.subjects == ()

    def test_commits_that_come_later_are_found(
        self, index: TraceIndex, writer: IndexWriter
    ) -> None:
        fill(writer, [step(A, text="x"), whole(A)])
        assert self.traces(index, "has:commit x") == set()
        fill(writer, [whole(A, has=("commit",), commits=(("1" * 40, "Retry"),))])

        assert self.traces(index, "has:commit x") == {A}
        assert self.steps(index, "retry") == [0]

    @pytest.mark.parametrize("committed", [True, False])
    def test_a_trace_adds_up_its_steps_each_response_once(
        self, index: TraceIndex, writer: IndexWriter, committed: bool
    ) -> None:
        one, two, three = (StepKey(digit * 16) for digit in "123")
        first = [
            step(A, 1, key=one, tokens=100, cost=10),
            step(A, 2, key=two, tokens=20, cost=2),
            step(A, 3, key=two, tokens=20, cost=2),
            step(A, 4, key=three, tokens=3, cost=1, error=True),
        ]
        with writer.updating() as update:
            for each in first:
                update.put_step(each, replaces=False)
            if committed:
                update.put_trace(whole(A))
                update.commit()
            update.put_step(replace(first[3], tokens=4, error=False), replaces=True)
            update.put_step(step(A, 5, key=StepKey("4" * 16), tokens=1000, cost=5), replaces=False)
            update.put_trace(whole(A, replays=(one,), tokens=10_000, cost=1_000_000))
            update.commit()

        assert self.traces(index, "tokens:>=11024 tokens:<=11024") == {A}
        assert self.traces(index, "cost:>=1.000008 cost:<=1.000008") == {A}
        assert self.traces(index, "has:error") == set()

    def test_a_trace_that_begins_anew_adds_up_what_is_put_then(
        self, index: TraceIndex, writer: IndexWriter
    ) -> None:
        fill(writer, [step(A, 1, tokens=5), whole(A), step(B, 1, tokens=7), whole(B)])
        with writer.updating() as update:
            update.forget(A)
            update.put_step(step(A, 2, tokens=1), replaces=False)
            update.put_trace(whole(A))
            update.commit()

        assert self.traces(index, "tokens:<=1") == {A}
        assert self.traces(index, "tokens:>1") == {B}

    def test_what_it_cost_is_not_known_where_one_response_does_not_say(
        self, index: TraceIndex, writer: IndexWriter
    ) -> None:
        other = step(A, 2, key=StepKey("2" * 16), cost=5)
        fill(writer, [step(A, cost=None), other, whole(A), step(B), whole(B)])

        assert self.traces(index, "cost:>=0") == {B}
        assert self.traces(index, "-cost:>=0") == {A}

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

    def test_the_dearest_come_first_and_what_is_not_known_last(
        self, index: TraceIndex, writer: IndexWriter
    ) -> None:
        costs: dict[TraceId, int | None] = {A: 5, B: None, C: 7}
        fill(writer, [step(t, text="same", cost=cost) for t, cost in costs.items()])
        fill(writer, [whole(t) for t in costs])

        for text in ("same", "", "tokens:<1"):
            asked = parse_query(text, now=NOW)
            found = index.search(asked, 9, order=Order.COST)
            assert [(t.trace, t.cost) for t in found.traces] == [(C, 7), (A, 5), (B, None)]
            assert found.total == 3
            assert [len(t.steps) for t in found.traces] == [text == "same"] * 3

    def test_in_the_order_of_time_the_newest_answer_counts(
        self, index: TraceIndex, writer: IndexWriter
    ) -> None:
        newer = step(A, 2, "same", moment=NEW_YEAR + 2 * DAY)
        older = step(A, 1, "same same same", moment=NEW_YEAR)
        fill(writer, [older, newer, step(B, 1, "same same", moment=NEW_YEAR + DAY)])

        found = index.search(parse_query("same", now=NOW), 9, order=Order.TIME)
        assert [t.trace for t in found.traces] == [A, B]
        assert [s.step for s in found.traces[0].steps] == [2, 1]

    @pytest.mark.parametrize("order", list(Order))
    @pytest.mark.parametrize("text", ["same", "tool:Bash", ""])
    def test_pages_follow_each_other_while_traces_arrive(
        self, index: TraceIndex, writer: IndexWriter, order: Order, text: str
    ) -> None:
        def kept(name: str, number: int) -> list[StepDocument | TraceDocument]:
            trace = trace_id("pi", SessionId(name))
            said = "same " * (number % 3 + 1) + "other " * 9
            moment = NEW_YEAR + number % 4
            facts: dict[str, Any] = {"tools": ("Bash",), "moment": moment, "cost": number % 5}
            return [step(trace, text=said, **facts), whole(trace, ended=moment)]

        fill(writer, [each for n in range(20) for each in kept(f"old {n}", n)])
        asked = parse_query(text, now=NOW)
        every = index.search(asked, 99, order=order)
        assert (every.total, every.is_all) == (20, True)
        old = [trace.trace for trace in every.traces]
        seen, after = [], None
        for page in range(5):
            found = index.search(asked, 4, order=order, after=after)
            seen += [trace.trace for trace in found.traces if trace.trace in old]
            after = found.traces[-1].cursor
            fill(writer, kept(f"new {page}", 100))
        while not found.is_all:
            found = index.search(asked, 4, order=order, after=after)
            after = found.traces[-1].cursor
            seen += [trace.trace for trace in found.traces if trace.trace in old]
        assert seen == old

    def test_a_page_behind_a_trace_that_is_gone_begins_where_it_was(
        self, index: TraceIndex, writer: IndexWriter
    ) -> None:
        texts = {A: "same same same", B: "same same", C: "same"}
        fill(writer, [step(t, text=f"{said} {'x ' * 20}") for t, said in texts.items()])
        first = self.find(index, "same", 2)
        assert [t.trace for t in first.traces] == [A, B]
        with writer.updating() as update:
            update.forget(B)
            update.commit()

        for order in (Order.RELEVANCE, Order.TIME, Order.COST):
            cursor = index.search(parse_query("same", now=NOW), 9, order=order).traces[0].cursor
            rest = index.search(parse_query("same", now=NOW), 9, order=order, after=cursor)
            assert len(rest.traces) == 1

    @pytest.mark.parametrize(
        ("text", "facet", "expected"),
        [
            ("", Facet.AGENT, [("claude-code", 2), ("pi", 1)]),
            ("", Facet.PROJECT, [("api", 2)]),
            ("", Facet.TOOL, [("Bash", 2), ("Edit", 1), ("Read", 1)]),
            ("agent:pi", Facet.TOOL, [("Bash", 1)]),
            ("one", Facet.TOOL, [("Bash", 2)]),
            ("one", Facet.AGENT, [("claude-code", 1), ("pi", 1)]),
            ("tool:Bash", Facet.MODEL, [("opus", 1)]),
            ("", Facet.SKILL, [("review", 1)]),
            ("", Facet.REPO, [("github.com/acme/Widgets", 1)]),
            ("", Facet.BRANCH, [("main", 2), ("dev", 1)]),
            ("nowhere", Facet.BRANCH, []),
        ],
    )
    def test_traces_are_counted_by_what_they_have(
        self,
        index: TraceIndex,
        writer: IndexWriter,
        text: str,
        facet: Facet,
        expected: list[tuple[str, int]],
    ) -> None:
        steps = [
            step(A, 1, "one", tools=("Bash",), model="opus"),
            step(A, 2, "one", tools=("Bash",)),
            step(A, 3, "two", tools=("Edit", "Read"), skills=("review",)),
            step(B, 1, "one", tools=("Bash",)),
            step(C, 1, "three"),
        ]
        wholes = [
            whole(A, project="/srv/api", branches=("main", "dev")),
            whole(B, agent="pi", project="/home/api/", branches=("main",)),
            whole(C, repo="github.com/acme/Widgets"),
        ]
        fill(writer, [*steps, *wholes])

        counted = index.count(parse_query(text, now=NOW), facet)
        assert [(each.value, each.traces) for each in counted] == expected

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
