import pytest

from opentraces.domain.context.responses import messages_of, role_of, said_of


@pytest.mark.parametrize(
    ("item", "role"),
    [
        ({"type": "message", "role": "developer"}, "developer"),
        ({"type": "message", "role": "assistant"}, "assistant"),
        ({"type": "additional_tools", "role": "developer"}, "developer"),
        ({"type": "reasoning"}, "assistant"),
        ({"type": "function_call"}, "assistant"),
        ({"type": "compaction"}, "assistant"),
        ({"type": "function_call_output"}, "tool"),
        ({"type": "custom_tool_call_output"}, "tool"),
        ({"type": "tool_search_output"}, "tool"),
        ({"type": "agent_message"}, "user"),
        ({"type": 7, "role": []}, "assistant"),
        ({}, "assistant"),
    ],
)
def test_who_speaks_follows_from_the_item(item: dict[str, object], role: str) -> None:
    assert role_of(item) == role


def test_what_names_an_item_is_not_said() -> None:
    item = {
        "type": "message",
        "id": "msg_1",
        "internal_chat_message_metadata_passthrough": {"turn_id": "t"},
        "status": "completed",
    }

    assert said_of(item) == {"type": "message", "status": "completed"}
    assert "id" in item


def test_each_item_is_a_message_of_one_block() -> None:
    said = messages_of([{"type": "reasoning", "id": "rs_1"}, 7, {"role": "user", "content": "a"}])

    assert said == [
        {"role": "assistant", "content": [{"type": "reasoning"}]},
        {"role": "user", "content": [{"role": "user", "content": "a"}]},
    ]
