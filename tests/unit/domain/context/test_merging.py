"""Blocks as messages."""

from opentraces.domain.context.merging import merged


def test_neighbours_of_one_role_are_one_message() -> None:
    image = {"type": "image"}

    assert merged([("user", "a"), ("user", image), ("assistant", "b"), ("user", "c")]) == [
        ("user", [{"type": "text", "text": "a"}, image]),
        ("assistant", [{"type": "text", "text": "b"}]),
        ("user", [{"type": "text", "text": "c"}]),
    ]
