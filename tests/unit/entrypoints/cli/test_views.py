"""Results as text."""

import pytest
from pydantic import JsonValue

from opentraces.application.get_trace import Gotten
from opentraces.application.imported import Imported, Left
from opentraces.application.query_traces import QueryAnswer, QueryRequest
from opentraces.domain.audit import Audit, Problem
from opentraces.domain.ids import SessionId, TraceId
from opentraces.domain.metrics import metrics_of
from opentraces.domain.query import Phrase, Query, Term
from opentraces.domain.search import (
    Cursor,
    Facet,
    FacetCount,
    Hit,
    Match,
    Order,
    TraceBrief,
)
from opentraces.domain.step import Observation, Step, ToolCall
from opentraces.domain.trace import AgentInfo, TraceRecord
from opentraces.entrypoints.cli.output import Bold, Dim
from opentraces.entrypoints.cli.views.amounts import count, lasting, moment, size
from opentraces.entrypoints.cli.views.answer import answer_lines
from opentraces.entrypoints.cli.views.arguments import main_argument
from opentraces.entrypoints.cli.views.bucket import audit_lines
from opentraces.entrypoints.cli.views.ids import short_ids
from opentraces.entrypoints.cli.views.imported import imported_lines
from opentraces.entrypoints.cli.views.reading import gotten_lines

ONE = TraceId("a1f3c2d4-5b0e-5c55-9d2e-6f0b3a8c7e11")
TWIN = TraceId("a1f3c2d4-5b0f-5c55-9d2e-6f0b3a8c7e11")


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (0, "0 bytes"),
        (999, "999 bytes"),
        (1000, "1.0 kB"),
        (41_211_904, "41 MB"),
        (9_960_000, "10.0 MB"),
        (1_500_000_000, "1.5 GB"),
        (5_000_000_000_000_000, "5,000 TB"),
    ],
)
def test_sizes(number: int, text: str) -> None:
    assert size(number) == text


def test_numbers_have_their_noun() -> None:
    assert (count(1, "trace"), count(1204, "trace")) == ("1 trace", "1,204 traces")


@pytest.mark.parametrize(
    ("seconds", "text"), [(0.4, "0 s"), (59, "59 s"), (1860, "31 min"), (7500, "2 h 5 min")]
)
def test_durations(seconds: float, text: str) -> None:
    assert lasting(seconds) == text


def test_a_time_that_is_none_is_shown_as_it_is() -> None:
    assert moment("yesterday") == "yesterday"
    assert moment(None) == "at no known time"
    assert moment("2019-11-14T16:02:00Z").startswith("2019-11-1")


def test_ids_are_as_short_as_they_can_be_typed_back() -> None:
    assert short_ids([ONE]) == {ONE: "a1f3c2d4"}
    assert short_ids([ONE, ONE]) == {ONE: "a1f3c2d4"}
    assert short_ids([ONE, TWIN]) == {ONE: "a1f3c2d4-5b0e", TWIN: "a1f3c2d4-5b0f"}


def hit(title: str | None, *matches: Match) -> Hit:
    brief = TraceBrief(ONE, SessionId("s"), "claude-code", "widgets", title, None, 42)
    return Hit(brief, 1.0, matches)


ASKED = QueryRequest(Query((Term("it's"), Phrase("x y"))), 1)


def texts(answer: QueryAnswer, columns: int | None = None) -> list[str]:
    return ["".join(line) for line in answer_lines(answer, ASKED, 0.42, columns)]


def test_an_answer_begins_with_how_many_there_are() -> None:
    assert texts(QueryAnswer(0, (), ())) == ["0 traces · 0.4 ms"]
    assert texts(QueryAnswer(37, (hit("x"),), ()))[0] == "37 traces, the first 1 · 0.4 ms"


def test_a_hit_is_its_facts_its_title_and_its_matches() -> None:
    matched = hit("Retry\nthe upload", Match(f"{ONE}:17", "tool", "curl: «refused» it"))

    assert texts(QueryAnswer(1, (matched,), ()))[2:] == [
        "a1f3c2d4  claude-code  widgets  at no known time  42 steps",
        "  Retry the upload",
        "  :17   tool     curl: «refused» it",
    ]


def test_what_was_found_stands_out() -> None:
    found = QueryAnswer(1, (hit("x", Match(f"{ONE}:1", "user", "a «b» c")),), ())
    lines = list(answer_lines(found, ASKED, 1, None))

    assert Bold("«b»") in lines[-1]
    assert [part for part in lines[-1] if isinstance(part, Bold)] == ["«b»"]


def test_lines_are_cut_to_the_terminal_and_only_there() -> None:
    answer = QueryAnswer(1, (hit("t" * 200, Match(f"{ONE}:1", "user", "s" * 200)),), ())

    assert max(map(len, texts(answer))) > 200
    assert max(map(len, texts(answer, 80))) == 80


def test_the_subject_of_a_commit_is_shown_and_the_title_not_twice() -> None:
    matches = (Match(ONE, "commit", "«Retry» it"), Match(ONE, "title", "«Retry»"))

    assert texts(QueryAnswer(1, (hit("Retry", *matches),), ()))[3:] == [
        "  Retry",
        "        commit   «Retry» it",
    ]


def test_what_it_cost_and_how_traces_count_are_shown() -> None:
    dear = hit("x")._replace(cost_usd=1234.5)
    counts = (FacetCount("Bash", 12), FacetCount("Ed\x1b[31mit", 3))
    answer = QueryAnswer(1, (dear,), (), facets={Facet.TOOL: counts, Facet.SKILL: ()})

    lines = texts(answer)
    assert lines[2].endswith("42 steps  $1,234.50")
    assert lines[4:] == ["", "tool", "  12  Bash", "   3  Edit", "", "skill", "  none"]


def test_the_last_line_goes_on_where_more_answer() -> None:
    first = hit("x")._replace(cursor=Cursor(Order.RELEVANCE, 2.5, 7, ONE))
    answer = QueryAnswer(2, (first,), (), is_all=False)

    assert texts(answer)[-1] == (
        f"Next  opentraces trace query --limit 1 --after r.2p5.7.{ONE} -- 'it'\\''s \"x y\"'"
    )
    assert texts(QueryAnswer(1, (first,), ()))[-1] == "  x"


def test_a_hit_without_a_title_or_steps_is_shown() -> None:
    assert texts(QueryAnswer(1, (hit(None, Match(ONE, "title", "x")),), ()))[-1] == "  (no title)"


STEP = Step(
    step_index=1,
    role="agent",
    content="I look.\nThen I mend.",
    reasoning_content="Hm.",
    tool_calls=(ToolCall(tool_call_id="t", tool_name="Bash", input={"command": "ls\n-l"}),),
    observations=(
        Observation(source_call_id="t", content="\n".join(f"line {n}" for n in range(40))),
        Observation(source_call_id="earlier", content="late", error="late"),
    ),
)


def gotten(*, is_whole: bool) -> list[str]:
    record = TraceRecord(
        trace_id=ONE,
        session_id=SessionId("s"),
        agent=AgentInfo(name="claude-code", version="2.1.330"),
        steps=(STEP,),
        metrics=metrics_of((STEP,), None, None),
        metadata={"title": "Mend\x1b[2J it"},
    )
    lines = gotten_lines(Gotten(record, (STEP,), is_whole=is_whole))
    return ["".join(line) for line in lines]


def test_a_trace_reads_as_a_talk() -> None:
    lines = gotten(is_whole=True)

    assert lines[0] == "a1f3c2d4 · Mend it"
    assert lines[1] == "claude-code 2.1.330 · at no known time · 1 step"
    assert lines[2:8] == [
        "",
        ":1    agent",
        "  thinking: Hm.",
        "  I look.",
        "  Then I mend.",
        "  → Bash  ls -l",
    ]
    assert lines[8] == "    line 0"
    assert lines[-1] == "    failed  late"


def test_a_long_output_is_cut_where_that_can_be_seen() -> None:
    assert "    … 28 lines more → opentraces trace get a1f3c2d4:1" in gotten(is_whole=True)


def test_steps_are_shown_whole() -> None:
    lines = gotten(is_whole=False)

    assert "    line 39" in lines
    assert not [line for line in lines if "more" in line]


def test_thinking_steps_back() -> None:
    record = TraceRecord(trace_id=ONE, session_id=SessionId("s"), agent=AgentInfo(name="a"))
    lines = list(gotten_lines(Gotten(record, (STEP,), is_whole=False)))

    assert [type(line[1]) for line in lines if line[1:] == ("thinking: Hm.",)] == [Dim]


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ({}, ""),
        ({"description": "d", "command": "c"}, "c"),
        ({"file_path": "/a\x1b[2J", "old_string": "x"}, "/a"),
        ({"command": ["ls", "-l"]}, '{"command":["ls","-l"]}'),
        ({"todos": [1]}, '{"todos":[1]}'),
        ({"n": 10**20}, '{"n":100000000000000000000}'),
        ({"prompt": "p" * 300}, "p" * 159 + "…"),
    ],
)
def test_a_call_is_shown_by_what_says_most(given: dict[str, object], shown: str) -> None:
    assert main_argument(ToolCall(tool_call_id="t", tool_name="T", input=given)) == shown


@pytest.mark.parametrize(
    ("content", "error", "shown"),
    [
        (
            "<error>No such tool</error>",
            "Error: No such tool",
            ["failed  <error>No such tool</error>"],
        ),
        ("some output", "Exit code 1", ["failed  Exit code 1", "some output"]),
        (None, "no_result", ["failed  no_result"]),
        ("fine", None, ["fine"]),
        (None, None, []),
    ],
)
def test_what_came_back_is_said_once(
    content: str | None, error: str | None, shown: list[str]
) -> None:
    seen = Observation(source_call_id="t", content=content, error=error)
    step = Step(step_index=1, role="agent", observations=(seen,))
    record = TraceRecord(trace_id=ONE, session_id=SessionId("s"), agent=AgentInfo(name="a"))

    lines = gotten_lines(Gotten(record, (step,), is_whole=False))

    assert ["".join(line) for line in lines][4:] == [f"    {line}" for line in shown]


def test_very_many_calls_of_one_step_cost_no_more_each() -> None:
    ids = [f"t{number}" for number in range(10_000)]  # a minute, if each looked at all
    step = Step(
        step_index=1,
        role="agent",
        tool_calls=tuple(ToolCall(tool_call_id=each, tool_name="B") for each in ids),
        observations=tuple(Observation(source_call_id=each, content=each) for each in ids),
    )
    record = TraceRecord(trace_id=ONE, session_id=SessionId("s"), agent=AgentInfo(name="a"))

    lines = gotten_lines(Gotten(record, (step,), is_whole=False))

    shown = ["".join(line).strip() for line in lines][4:]
    assert shown == [text for each in ids for text in ("→ B", each)]


def test_the_change_of_an_edit_stands_below_its_call() -> None:
    call = ToolCall(tool_call_id="t", tool_name="Edit", input={"file_path": "/a"})
    step = Step(step_index=1, role="agent", tool_calls=(call,))
    record = TraceRecord(trace_id=ONE, session_id=SessionId("s"), agent=AgentInfo(name="a"))
    hunk: JsonValue = {
        "oldStart": 3,
        "oldLines": 1,
        "newStart": 3,
        "newLines": 1,
        "lines": ["-a\x1b[2J", "+b"],
    }
    odd: JsonValue = {"oldStart": "1\n2", "lines": 7}
    responses: dict[str, JsonValue] = {"t": {"structuredPatch": [hunk, "odd", odd]}}

    lines = gotten_lines(Gotten(record, (step,), is_whole=False, responses=responses))

    assert ["".join(line) for line in lines][5:] == [
        "    @@ -3,1 +3,1 @@",
        "    -a",
        "    +b",
        "    @@ -1 2,? +?,? @@",
    ]


def test_an_import_names_what_it_left_and_why() -> None:
    left = [Left(f"/{n}\n.jsonl", "nothing typed") for n in range(12)]
    imported = Imported(kept=1, skipped=left, source_bytes=41_000_000, stored_bytes=14_000_000)
    lines = ["".join(line) for line in imported_lines(imported)]

    assert lines[0].startswith("Imported  1 session, 0 unchanged ")
    assert lines[1] == "Kept      41 MB → 14 MB"
    assert lines[2] == "Skipped   12  /0 .jsonl: nothing typed"
    assert lines[3] == "              /1 .jsonl: nothing typed"
    assert lines[12] == "          … and 2 more: --json lists all"
    assert lines[-1].startswith("Next      opentraces trace query")


def test_an_import_that_found_nothing_says_where_to_look() -> None:
    lines = ["".join(line) for line in imported_lines(Imported())]

    assert lines[-1] == "Next      no session was found here → opentraces import --all"


def test_an_audit_lists_its_problems() -> None:
    audit = Audit(1, 2, 300, (Problem("damaged", "traces/x", ONE), Problem("missing", "y", None)))

    assert ["".join(line) for line in audit_lines(audit)] == [
        "2 problems  1 trace, 2 files, 300 bytes checked",
        f"  damaged    traces/x  (trace {ONE})",
        "  missing    y",
        "what can be mended, from what is whole → opentraces bucket repair --dry-run",
    ]
    assert ["".join(line) for line in audit_lines(Audit(1, 2, 300, (), aside=3))] == [
        "ok  1 trace, 2 files, 300 bytes checked; 3 things in quarantine",
    ]
