from opentraces.domain.context.messages import flattened

HELLO = {"type": "text", "text": "hello"}


def test_a_text_is_one_block_of_its_role() -> None:
    assert flattened([{"role": "user", "content": "hello"}]) == [("user", "hello")]


def test_blocks_of_a_message_come_one_after_the_other() -> None:
    found = flattened(
        [
            {"role": "user", "content": [HELLO, {"type": "image"}]},
            {"role": "assistant", "content": [HELLO]},
        ]
    )

    assert found == [("user", HELLO), ("user", {"type": "image"}), ("assistant", HELLO)]


def test_what_is_no_message_is_left_out() -> None:
    assert flattened([None, 7, {"role": "user"}, {"role": "user", "content": []}]) == []
