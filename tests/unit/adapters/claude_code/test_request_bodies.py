"""What Claude Code's own words in a request tell."""

from typing import Any

import orjson
import pytest

from opentraces.adapters.claude_code.request_bodies import answer_in, said_in, session_in

TOOL = {"name": "Read"}


def user_id(session: Any) -> str:
    return orjson.dumps({"device_id": "d", "account_uuid": "", "session_id": session}).decode()


def body(said: str = "Hello.", system: str = "You help.", **more: Any) -> dict[str, Any]:
    messages = [{"role": "user", "content": [{"type": "text", "text": said}]}]
    return {"messages": messages, "system": [{"type": "text", "text": system}], **more}


@pytest.mark.parametrize(
    ("request_body", "purpose"),
    [
        (body(tools=[TOOL]), "step"),
        (body(), "step"),
        (body(system="Generate a concise title", tools=[]), "title"),
        (body(system="Generate a concise title", tools=[TOOL]), "step"),
        (
            body("CRITICAL. Your task is to create a detailed summary of it.", tools=[TOOL]),
            "compaction",
        ),
        ({}, "step"),
        ([], "step"),
        ({"messages": [None, {"role": "user"}, {"content": 7}], "system": 4}, "step"),
    ],
)
def test_purpose_follows_from_the_words(request_body: Any, purpose: str) -> None:
    assert said_in(request_body).purpose == purpose


@pytest.mark.parametrize(
    ("source", "purpose"),
    [
        ("sdk", "step"),
        ("repl_main_thread", "step"),
        ("agent:builtin:general-purpose", "step"),
        ("compact", "compaction"),
        ("generate_session_title", "title"),
        ("hook_prompt", "other"),
    ],
)
def test_what_telemetry_says_goes_before_the_words(source: str, purpose: str) -> None:
    assert said_in(body(system="title"), source).purpose == purpose


def test_a_sub_agent_says_so_in_its_system_prompt() -> None:
    assert said_in(body(system="x-anthropic-billing-header: cc_is_subagent=true;")).is_helper
    assert not said_in(body("cc_is_subagent=true;")).is_helper


def test_a_summary_says_that_the_session_is_continued() -> None:
    summary = "This session is being continued from a previous conversation that ran out of"
    assert said_in(body(summary)).is_compacted
    assert not said_in(body(f"What does '{summary}' mean?")).is_compacted


def test_the_session_is_that_of_the_metadata_and_of_nothing_that_was_said() -> None:
    said = f',"metadata":{{"user_id":{orjson.dumps(user_id("wrong")).decode()}}}'
    data = orjson.dumps(body(said, metadata={"user_id": user_id("right")}, stream=True))

    assert session_in(data) == session_in(data[-300:]) == "right"
    tool = {"name": "t", "metadata": {"user_id": user_id("wrong")}}
    data = orjson.dumps(body(tools=[tool], metadata={"user_id": user_id("right")}))
    assert session_in(data) == "right"
    assert session_in(orjson.dumps(body(said))) is None


@pytest.mark.parametrize("session", ["../../etc", "", "a b", 7, None, ["x"], "x" * 300])
def test_a_session_that_is_no_name_is_none(session: Any) -> None:
    assert session_in(orjson.dumps(body(metadata={"user_id": user_id(session)}))) is None


@pytest.mark.parametrize("said", ["not json", 7, None, "[]", "{"])
def test_metadata_that_says_nothing_is_none(said: Any) -> None:
    assert session_in(orjson.dumps(body(metadata={"user_id": said}))) is None


def test_an_answer_is_told_by_its_id_wherever_that_stands() -> None:
    assert answer_in(b'{"id":"msg_1","type":"message"}') == "msg_1"
    assert answer_in(b'{"id":"msg_1","type":"mess') is None
    assert answer_in(b'{"type":"message","id":"msg_2"}') == "msg_2"
    assert answer_in(b'{"type":"message","id":7}') is None
    assert answer_in(b'{"type":"mess') is None
    assert answer_in(b"[1]") is None
