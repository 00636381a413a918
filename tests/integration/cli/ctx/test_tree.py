"""`ctx tree` and `ctx tokens`."""

from typing import Any

from opentraces.domain.ids import TraceId
from opentraces.domain.step import TokenUsage
from tests.integration.cli.conftest import Call, Document
from tests.integration.cli.ctx.made_up import MadeUp, text


def test_runs_sub_agents_and_compactions_are_drawn(uploads: TraceId, call: Call) -> None:
    assert call("ctx", "tree", uploads).stdout.splitlines() == [
        f"{uploads[:8]} · claude-code · 5 calls · 5 steps · 1 compaction · 1 sub-agent",
        ":2-3     root  2 calls, 5 blocks, 775 bytes",
        "  :5       subagent_fork  1 call, 1 block, 34 bytes  reviewer · started at :3",
        ":6       linear  1 call, 9 blocks, 1.1 kB",
        ":10      compaction_fork  1 call, 2 blocks, 95 bytes",
    ]


def test_each_node_is_told_once_with_its_steps(uploads: TraceId, document: Document) -> None:
    printed = document("ctx", "tree", uploads)

    nodes = printed["nodes"]
    assert sorted((node["steps"], node["branch_type"]) for node in nodes) == [
        ([2], "root"),
        ([3], "linear"),
        ([5], "subagent_fork"),
        ([6], "linear"),
        ([10], "compaction_fork"),
    ]
    ids = [node["node_id"] for node in nodes]
    assert len(set(ids)) == 5
    assert {node["parent_node_id"] for node in nodes} < {*ids, None}
    assert printed["subagents"]["1"]["parent_step"] == 3


def test_calls_that_are_no_steps_are_drawn_as_such(session: MadeUp, call: Call) -> None:
    session.prompt("one")
    lines = session.main
    session.answer(text("two"))
    fork = lines.points[-1]
    for purpose in ("title", "retry", "compaction"):
        lines.add("user", text(f"for {purpose}"))
        session.answer(text("no step"), purpose=purpose, id=None)
        session.steps.pop()
        lines.context.go_to(fork, "linear")
    session.prompt("three")
    session.answer(text("four"))

    lines_shown = call("ctx", "tree", session.keep()).stdout.splitlines()

    assert lines_shown[0].endswith(" · 5 calls · 2 steps · 3 calls that are no step")
    assert [(line[:9].rstrip(), line.partition("bytes")[2]) for line in lines_shown[2:]] == [
        ("  no step", "  a title"),
        ("  no step", "  a retry"),
        ("  no step", "  a summary"),
        (":4", ""),
    ]


def test_a_retry_is_told_with_the_call_that_it_repeats(
    session: MadeUp, call: Call, document: Document
) -> None:
    session.prompt("one")
    session.answer(text("two"))
    (node,) = [event for event in session.main.context.made if event.event == "node"]
    live: dict[str, Any] = {"purpose": "retry", "call": None, "requests": ("a.json",)}
    live["capture_method"] = "live_capture"
    trace = session.keep(node.but(**live))

    lines = call("ctx", "tree", trace).stdout.splitlines()

    assert lines[0].endswith(" · 2 calls · 1 step · 1 call that is no step")
    assert lines[1] == ":2       root  2 calls (1 retry), 1 block, 28 bytes"
    (found,) = document("ctx", "tree", trace)["nodes"]
    assert (found["steps"], found["also_sent_for"]) == ([2], ["retry"])


def test_tokens_of_parts_are_those_of_the_prompt(uploads: TraceId, document: Document) -> None:
    printed = document("ctx", "tokens", f"{uploads}:2")

    parts = {part["kind"]: (part["bytes"], part["tokens"]) for part in printed["parts"]}
    assert (printed["prompt_tokens"], printed["tokens_are"]) == (300, "estimated")
    assert parts == {"system": (79, 146), "user": (50, 93), "tools": (33, 61)}
    assert sum(part["tokens"] for part in printed["parts"]) == 300


def test_files_are_told_by_path_and_outputs_by_tool(uploads: TraceId, document: Document) -> None:
    printed = document("ctx", "tokens", f"{uploads}:6")

    named = [(part["kind"], part["name"]) for part in printed["parts"] if part["name"]]
    assert sorted(named) == [("file", "/w/up.py"), ("output", "Bash"), ("output", "Task")]
    assert printed["prompt_tokens"] is None
    assert {part["tokens"] for part in printed["parts"]} == {None}


def test_what_is_not_known_is_a_part_of_the_prompt(session: MadeUp, call: Call) -> None:
    session.prompt("x" * 967)
    session.answer(text("two"), tokens=TokenUsage(input_tokens=20_000))

    assert call("ctx", "tokens", session.keep()).stdout.splitlines()[2:] == [
        "not known        0 bytes   19,752 tokens   99%  ########################",
        "user text      992 bytes      248 tokens    1%  ",
    ]


def test_a_bar_is_as_long_as_the_share(uploads: TraceId, call: Call) -> None:
    lines = call("ctx", "tokens", f"{uploads}:2").stdout.splitlines()

    short = uploads[:8]
    assert lines[0] == f"{short}:2 · claude-code · 300 tokens in the prompt · 162 bytes known"
    assert [(line.split()[0], line.count("#")) for line in lines[2:]] == [
        ("system", 12),
        ("user", 7),
        ("tools", 5),
    ]
