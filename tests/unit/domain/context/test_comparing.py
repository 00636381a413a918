from typing import Any

from opentraces.domain.context.blocks import Block, block_of
from opentraces.domain.context.comparing import Compared, Difference, compared, summed

REQUEST = [
    {
        "role": "user",
        "content": [{"type": "text", "text": "hello"}, {"type": "text", "text": "you"}],
    },
    {
        "role": "assistant",
        "content": [{"type": "tool_use", "id": "t", "name": "Bash", "input": {}}],
    },
    {"role": "user", "content": [{"type": "tool_result", "tool_use_id": "t", "content": "done"}]},
]
HELLO = block_of("user", "hello", "")
YOU = block_of("user", {"type": "text", "text": "you", "cache_control": {}}, "")
CALL = block_of("assistant", {"type": "tool_use", "id": "t", "name": "Bash", "input": {}}, "")
RESULT = block_of(
    "user",
    {"type": "tool_result", "tool_use_id": "t", "content": [{"type": "text", "text": "done"}]},
    "",
)
ALL = [HELLO, YOU, CALL, RESULT]


def kinds(ours: list[Block], messages: list[dict[str, Any]] = REQUEST) -> dict[str, int]:
    """Return how often each kind of difference is there."""
    return dict(compared(ours, messages).kinds)


def test_the_same_blocks_are_equal_however_they_are_written() -> None:
    found = compared(ALL, REQUEST)

    assert (found.sent, found.ours, found.equal) == (4, 4, 4)
    assert (found.sent_messages, found.our_messages, found.equal_messages) == (3, 3, 3)
    assert found.differences == ()
    assert found.share == found.message_share == 1.0


def test_messages_of_one_role_side_by_side_are_one() -> None:
    apart = [{"role": "user", "content": "hello"}, {"role": "user", "content": "you"}, *REQUEST[1:]]

    assert compared(ALL, apart).equal_messages == 3


def test_a_block_that_we_lack_is_missing() -> None:
    found = compared([HELLO, CALL, RESULT], REQUEST)

    assert found.differences == (Difference("missing user text", 1, None),)
    assert (found.equal, found.equal_messages) == (3, 2)
    assert found.share == 0.75


def test_a_block_in_the_place_of_another_is_another() -> None:
    other = block_of("user", {"type": "tool_result", "tool_use_id": "t", "content": "gone"}, "")

    assert kinds([HELLO, YOU, CALL, other]) == {"other user tool_result": 1}


def test_a_block_that_was_not_sent_is_extra() -> None:
    found = compared([*ALL, HELLO], REQUEST)

    assert found.differences == (Difference("extra user", None, 4),)
    assert found.share == 0.8
    assert found.equal_messages == 2


def test_one_word_more_or_less_leaves_what_follows_equal() -> None:
    other = block_of("user", "Hello", "")

    assert compared([other, YOU, CALL, RESULT], REQUEST).equal == 3


def test_a_block_of_another_role_is_no_counterpart() -> None:
    said = block_of("assistant", "you", "")

    assert kinds([HELLO, said, CALL, RESULT]) == {"missing user text": 1, "extra assistant": 1}


def test_blocks_in_another_order_are_not_all_equal() -> None:
    assert compared([YOU, HELLO, CALL, RESULT], REQUEST).equal == 3


def test_nothing_is_equal_to_nothing() -> None:
    assert compared([], []).share == 1.0
    assert compared([], REQUEST).share == 0.0


def test_several_calls_are_added_up() -> None:
    found = summed([compared(ALL, REQUEST), compared([HELLO], REQUEST)])

    assert (found.sent, found.ours, found.equal) == (8, 5, 5)
    assert found.kinds["missing user tool_result"] == 1
    assert summed([]) == Compared()
