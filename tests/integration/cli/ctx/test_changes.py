"""`ctx diff` and `ctx compactions`."""

from opentraces.domain.ids import TraceId
from tests.integration.cli.conftest import Call, Document
from tests.integration.cli.ctx.made_up import MadeUp, text


def test_what_entered_is_shown_with_sizes(uploads: TraceId, call: Call) -> None:
    lines = call("ctx", "diff", f"{uploads}:2", f"{uploads}:3").stdout.splitlines()

    short = uploads[:8]
    assert lines[:2] == [
        f"{short}:2 → {short}:3 · entered 4 blocks, 725 bytes · left 0 blocks, 0 bytes",
        "1 block, 50 bytes → 5 blocks, 775 bytes · 1 block in both",
    ]
    assert lines[2] == ""
    assert [line.split() for line in lines[3:6]] == [
        ["+", "assistant", "38", "bytes", "thinking:", "Where", "is", "it?"],
        ["+", "assistant", "32", "bytes", "I", "look."],
        ["+", "assistant", "76", "bytes", "→", "Read", "/w/up.py"],
    ]
    assert lines[6].startswith("+ user      579 bytes  ← def upload(): pass def upload()")


def test_a_compaction_is_what_left_and_what_entered(uploads: TraceId, document: Document) -> None:
    printed = document("ctx", "diff", f"{uploads}:6", f"{uploads}:10")

    assert (printed["before"]["step"], printed["after"]["step"]) == (6, 10)
    assert (printed["before"]["blocks"], len(printed["left"])) == (9, 9)
    assert [block["content"]["text"] for block in printed["entered"]] == [
        "They asked for retries; the check fails.",
        "go on",
    ]
    assert printed["layers"] == [
        {
            "layer": "runtime_state",
            "known_before": True,
            "known_after": True,
            "added": [],
            "removed": [],
            "changed": ["model"],
        }
    ]


def test_backwards_is_the_other_way_round(uploads: TraceId, document: Document) -> None:
    there = document("ctx", "diff", f"{uploads}:2", f"{uploads}:6")
    back = document("ctx", "diff", f"{uploads}:6", f"{uploads}:2")

    assert there["entered"] == back["left"]
    assert there["left"] == back["entered"] == []


def test_a_step_does_not_differ_from_itself(uploads: TraceId, document: Document) -> None:
    printed = document("ctx", "diff", f"{uploads}:3", f"{uploads}:3")

    assert (printed["common_front"], printed["entered"], printed["left"]) == (5, [], [])
    assert printed["layers"] == []


def test_both_sides_of_a_compaction_are_shown(uploads: TraceId, call: Call) -> None:
    short = uploads[:8]

    assert call("ctx", "compactions", uploads).stdout.splitlines() == [
        f"{short} · claude-code · 1 compaction",
        "",
        ":6 → :10  9 blocks, 1.1 kB → 2 blocks, 95 bytes"
        "  written down at :7, auto, 900 → ? tokens, as the agent counts",
        "  They asked for retries; the check fails.",
        f"  → opentraces ctx diff {short}:6 {short}:10",
    ]


def test_a_reminder_before_the_summary_is_not_it(session: MadeUp, document: Document) -> None:
    session.prompt("one")
    session.answer(text("two"))
    session.compact("the summary", text("<system-reminder>\nread this\n</system-reminder>"))
    session.prompt("three")
    session.answer(text("four"))

    (found,) = document("ctx", "compactions", session.keep())["compactions"]

    assert (found["summary"], found["boundary_step"]) == ("the summary", 3)


def test_a_compaction_without_a_call_after_it_has_one_side(
    session: MadeUp, call: Call, document: Document
) -> None:
    session.prompt("one")
    session.answer(text("two"))
    session.compact("the summary")
    trace = session.keep()

    (found,) = document("ctx", "compactions", trace)["compactions"]
    said = call("ctx", "compactions", trace).stdout

    assert (found["last_step_before"], found["first_step_after"]) == (2, None)
    assert (found["before"]["blocks"], found["after"]) == (1, None)
    assert found["summary"] == "the summary"
    assert "after :2  1 block, 28 bytes → not known" in said


def test_a_trace_without_compactions_says_so(session: MadeUp, call: Call) -> None:
    session.prompt("one")
    session.answer(text("two"))
    trace = session.keep()

    said = call("ctx", "compactions", trace)

    assert (said.stdout, said.exit_code) == (f"{trace[:8]} · claude-code · 0 compactions\n", 0)
