"""What lines of a rollout say of what the model saw."""

from typing import Any

import pytest

from opentraces.adapters._reading.jsonl import LINE_LIMIT
from opentraces.domain.context.events import NodeObserved
from opentraces.domain.context.paths import blocks_at
from opentraces.domain.context.templates import render
from tests.contracts.context_events import (
    Lines,
    assert_context_sound,
    by_id,
    layers_of,
    nodes_of,
)
from tests.contracts.trace_parser import transcript
from tests.unit.adapters.codex_cli.lines import (
    OLD_TURN,
    PARENT,
    TURN,
    begin,
    call,
    event,
    line,
    message,
    meta,
    output,
    parsed,
    recorded,
    response,
    said,
    typed,
)

OTHER_TURN = "01a206c1-7c93-70c2-ae99-2beb71bc6371"
NEXT_TURN = "01a206c1-7c94-70c2-ae99-2beb71bc6371"


def nodes(*lines: bytes) -> list[NodeObserved]:
    """Return the nodes, after a check of all that is true of any."""
    found = parsed(*lines)
    assert_context_sound(transcript(b"".join(lines)), found, "answer")
    return nodes_of(found)


def shown(*lines: bytes) -> list[list[str]]:
    """Return, for each call, what the model saw, each block as a few words."""
    found, kept = nodes(*lines), Lines(b"".join(lines))
    return [
        [_words(render(block.content, kept)) for block in blocks_at(by_id(found), each.node_id)]
        for each in found
    ]


def _words(item: dict[str, Any]) -> str:
    content = item.get("content")
    if isinstance(content, list):
        return " ".join(str(part["text"]) for part in content)
    return f"{item['type']} {item.get('output', item.get('name', ''))}".strip()


def layers(kind: str, *lines: bytes) -> list[Any]:
    """Return the layers of a kind, in order."""
    kept = Lines(b"".join(lines))
    found = layers_of(parsed(*lines))
    return [render(each.content, kept) for each in found if each.kind == kind]


def compacted(*items: dict[str, Any] | None, **more: Any) -> bytes:
    return line("compacted", {"message": "So far.", "replacement_history": items, **more})


def user(text: str) -> dict[str, Any]:
    content = [{"type": "input_text", "text": text}]
    return {"type": "message", "id": f"msg_{text}", "role": "user", "content": content}


def catalogue(*names: str) -> bytes:
    tools = [{"type": "function", "name": name} for name in names]
    return response("additional_tools", role="developer", tools=tools)


def context(model: str, turn: str = TURN, **more: Any) -> bytes:
    return line("turn_context", {"turn_id": turn, "model": model, "cwd": "/w", **more})


def rolled_back(turns: Any) -> bytes:
    return event("thread_rolled_back", num_turns=turns)


THREE_TURNS = (
    meta(),
    begin(TURN),
    message("developer", "rules"),
    typed("one"),
    said("1"),
    begin(OTHER_TURN),
    typed("two"),
    said("2"),
    begin(NEXT_TURN),
    typed("three"),
    said("3"),
)


def test_a_call_saw_all_before_its_answer_and_nothing_after() -> None:
    seen = shown(meta(), begin(), typed("hello"), call("c"), output("c", "done"), said("bye"))

    assert seen == [
        ["hello"],
        ["hello", "function_call exec_command", "function_call_output done"],
    ]


def test_parts_of_one_answer_are_one_call() -> None:
    found = nodes(
        meta(), begin(), typed("hello"), said("well"), call("c"), call("d"), recorded("r", 1, 0, 1)
    )

    assert len(found) == 1


def test_what_is_told_twice_is_one_block() -> None:
    told = event("user_message", message="hello"), event("agent_message", message="hi")
    seen = shown(meta(), begin(), typed("hello"), *told, said("hi"), typed("and"), said("yes"))

    assert seen[-1] == ["hello", "hi", "and"]


def test_a_snapshot_of_the_worktree_is_not_seen() -> None:
    seen = shown(meta(), begin(), typed("hello"), response("ghost_snapshot"), said("hi"))

    assert seen == [["hello"]]


def test_lines_without_an_envelope_are_seen() -> None:
    bare = b'{"type":"message","role":"user","content":[{"type":"input_text","text":"hello"}]}\n'

    assert shown(bare, said("hi")) == [["hello"]]


def test_a_summary_takes_the_place_of_all_before() -> None:
    lines = (*THREE_TURNS, compacted(user("rules"), None, user("short")), typed("four"), said("4"))

    found = nodes(*lines)
    assert shown(*lines)[-1] == ["rules", "short", "four"]
    assert (found[-1].branch_type, found[-1].kept) == ("compaction_fork", 0)
    assert found[-1].parent == found[-2].node_id


def test_a_message_that_a_summary_repeats_is_the_same_block() -> None:
    found = nodes(
        meta(), begin(), typed("hello"), said("hi"), compacted(user("hello")), said("yes")
    )

    # The passed-on metadata and the id of the item are no part of it.
    assert found[0].added[0].id == found[1].added[0].id


def test_what_asks_for_a_summary_is_known_to_be_missing() -> None:
    asked = line(
        "response_item",
        {"type": "message", "role": "assistant", "content": [{"type": "output_text", "text": "s"}]},
        metadata={"compaction_output": True},
    )
    _, summing, after = nodes(
        *THREE_TURNS[:5], recorded("r", 1, 0, 1), asked, compacted(user("s")), said("yes")
    )

    assert (summing.purpose, summing.limitations) == ("compaction", ("compaction_prompt_untold",))
    assert (after.purpose, after.limitations) == ("step", ())


def test_an_old_compaction_tells_its_summary_only() -> None:
    lines = (*THREE_TURNS, compacted(replacement_history=None), said("yes"))

    assert shown(*lines)[-1] == ["So far."]
    assert nodes(*lines)[-1].limitations == ("history_rebuilt",)


def test_turns_that_were_taken_back_are_not_seen() -> None:
    lines = (*THREE_TURNS, rolled_back(2), typed("other"), said("o"))
    found = nodes(*lines)

    assert shown(*lines)[-1] == ["rules", "one", "1", "other"]
    assert (found[-1].branch_type, found[-1].kept) == ("rewind_branch", 3)
    assert found[-1].parent == found[1].node_id


def test_the_first_turn_can_be_taken_back() -> None:
    lines = (*THREE_TURNS, rolled_back(3), typed("other"), said("o"))

    assert shown(*lines)[-1] == ["rules", "other"]


def test_turns_can_be_taken_back_one_after_the_other() -> None:
    lines = (*THREE_TURNS, rolled_back(1), rolled_back(1), typed("other"), said("o"))

    assert shown(*lines)[-1] == ["rules", "one", "1", "other"]


def test_a_turn_without_an_answer_leaves_nothing_when_it_is_taken_back() -> None:
    lines = (*THREE_TURNS, begin(TURN), typed("oops"), rolled_back(1), typed("four"), said("4"))
    found = nodes(*lines)

    assert shown(*lines)[-1] == ["rules", "one", "1", "two", "2", "three", "3", "four"]
    assert found[-1].branch_type == "linear"


def test_taking_back_more_than_there_was_is_known_to_be_untold() -> None:
    lines = (*THREE_TURNS, rolled_back(9), typed("other"), said("o"))

    assert shown(*lines)[-1] == ["rules", "other"]
    assert nodes(*lines)[-1].limitations == ("rollback_untold",)


@pytest.mark.parametrize("turns", [0, None, "two", -1])
def test_taking_back_no_turn_changes_nothing(turns: Any) -> None:
    lines = (*THREE_TURNS, rolled_back(turns), typed("four"), said("4"))

    assert len(shown(*lines)[-1]) == 8


def test_a_summary_is_where_turns_are_counted_from() -> None:
    lines = (*THREE_TURNS, compacted(user("four"), user("five")), said("5"), rolled_back(1))

    assert shown(*lines, typed("other"), said("o"))[-1] == ["four", "other"]


def test_an_output_is_made_up_where_a_turn_ended_in_a_call() -> None:
    cut = (meta(), begin(TURN), typed("go"), call("c"), call("d"), output("d", "done"))
    lines = (*cut, begin(OTHER_TURN), typed("on"), said("yes"))

    assert shown(*lines)[-1] == [
        "go",
        "function_call exec_command",
        "function_call_output aborted",
        "function_call exec_command",
        "function_call_output done",
        "on",
    ]
    assert nodes(*lines)[-1].limitations == ("outputs_made_up",)


def test_each_made_up_output_is_behind_its_call() -> None:
    cut = (meta(), begin(TURN), typed("go"), call("c", "first"), call("d", "second"))

    assert shown(*cut, begin(OTHER_TURN), said("yes"))[-1] == [
        "go",
        "function_call first",
        "function_call_output aborted",
        "function_call second",
        "function_call_output aborted",
    ]


def test_nothing_is_made_up_in_the_turn_of_a_call() -> None:
    lines = (meta(), begin(TURN), typed("go"), call("c"), recorded("r", 1, 0, 1), said("well"))

    assert nodes(*lines)[-1].limitations == ()


def test_a_sub_agent_sees_what_was_copied() -> None:
    lines = (
        line(
            "session_meta",
            {
                "id": "01a206c1-7c5e-7b13-bf9d-4bc85da526ae",
                "source": {"subagent": {"thread_spawn": {"parent_thread_id": PARENT}}},
                "subagent_history_start_ordinal": 4,
            },
            ordinal=0,
        ),
        line("session_meta", {"id": PARENT}, ordinal=1),
        line("response_item", user("of the parent"), ordinal=2),
        line("response_item", {"type": "function_call", "call_id": "c"}, ordinal=3),
        line("event_msg", {"type": "task_started", "turn_id": TURN}, ordinal=4),
        line("response_item", user("task"), ordinal=5),
        said("yes"),
    )

    (node,) = nodes(*lines)
    assert node.branch_type == "subagent_fork"
    assert shown(*lines) == [
        ["of the parent", "function_call", "function_call_output aborted", "task"]
    ]


def test_a_fork_of_the_older_clients_sees_what_was_copied() -> None:
    copied = (meta(PARENT), begin(OLD_TURN), typed("old"), said("1"))
    lines = (meta(), *copied, begin(TURN), typed("new"), said("2"))

    (node,) = nodes(*lines)
    assert shown(*lines) == [["old", "1", "new"]]
    assert node.branch_type == "root"


def test_a_line_too_long_to_be_read_is_known_to_be_missing_until_a_summary() -> None:
    giant = output("c", "x" * LINE_LIMIT)
    begun = (meta(), begin(TURN), typed("go"), call("c"), giant, begin(OTHER_TURN), said("on"))

    assert [each.limitations for each in nodes(*begun)] == [(), ("giant_lines",)]
    assert nodes(*begun, compacted(user("s")), said("x"))[-1].limitations == ()


@pytest.mark.parametrize(
    ("odd", "limit"),
    [(b"{broken\n", "bad_lines"), (response("from_a_later_release"), "unknown_items")],
)
def test_what_was_not_read_is_known_to_be_missing(odd: bytes, limit: str) -> None:
    assert [each.limitations for each in nodes(*THREE_TURNS[:5], odd, typed("on"), said("2"))] == [
        (),
        (limit,),
    ]


def test_tools_that_are_an_item_are_told_until_the_model_is_another() -> None:
    lines = (meta(), begin(), catalogue("exec"), context("a"), typed("x"), said("1"))
    after = (*lines, context("b", OTHER_TURN), typed("y"), said("2"))

    assert layers("tool_registry", *lines) == [[{"type": "function", "name": "exec"}]]
    assert [each.completeness.get("tool_registry") for each in nodes(*after)] == ["full", None]


def test_tools_are_gone_with_what_a_summary_replaces() -> None:
    lines = (meta(), begin(), catalogue("exec"), typed("x"), said("1"), compacted(user("s")))

    assert "tool_registry" not in nodes(*lines, said("2"))[-1].completeness


def test_tools_that_are_told_with_another_model_stay() -> None:
    lines = (meta(), begin(), catalogue("exec"), context("a"), typed("x"), said("1"))
    after = (*lines, catalogue("exec", "wait"), context("b", OTHER_TURN), typed("y"), said("2"))

    assert nodes(*after)[-1].completeness["tool_registry"] == "full"


def test_base_instructions_are_in_full_where_they_are_an_item() -> None:
    begun = meta(base_instructions={"text": "Be kind."})
    plain = (begun, begin(), message("developer", "rules"), typed("x"), said("1"))
    scripting = (begun, begin(), message("developer", "Be kind."), typed("x"), said("1"))

    assert layers("system", *plain) == layers("system", *scripting) == ["Be kind."]
    assert nodes(*plain)[0].completeness["system"] == "approximated"
    assert nodes(*scripting)[0].completeness["system"] == "full"
    summed = nodes(*scripting, compacted(user("s")), said("2"))
    assert summed[-1].completeness["system"] == "approximated"


def test_only_changes_make_a_runtime_state() -> None:
    turn = context("a", sandbox_policy={"type": "read-only"}, effort="low")
    lines = (meta(git={"branch": "main"}), begin(), turn, turn, typed("x"), said("1"))

    assert layers("runtime_state", *lines) == [
        {"cwd": "/w", "branch": "main"},
        {
            "cwd": "/w",
            "branch": "main",
            "model": "a",
            "sandbox": "read-only",
            "reasoning_effort": "low",
        },
    ]


def test_a_thread_says_where_it_goes_on_from_until_a_summary() -> None:
    base = {"thread_id": PARENT, "end_ordinal_exclusive": 34, "end_byte_offset": 5000, "more": 1}
    lines = (meta(history_base=base), begin(), typed("on"), said("1"), typed("and"), said("2"))

    assert [each.limitations for each in nodes(*lines)] == [("history_elsewhere",)] * 2
    assert layers("runtime_state", *lines) == [
        {
            "cwd": "/w",
            "history_base": {
                "thread_id": PARENT,
                "end_ordinal_exclusive": 34,
                "end_byte_offset": 5000,
            },
        }
    ]
    assert nodes(*lines, compacted(user("s")), said("3"))[-1].limitations == ()
