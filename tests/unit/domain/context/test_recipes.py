"""Bodies made up for the purpose; recorded ones are in tests/integration/context."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from opentraces.domain.context.blocks import block_id
from opentraces.domain.context.lines import line_of
from opentraces.domain.context.messages import flattened
from opentraces.domain.context.recipes import Recipe, Recipes
from opentraces.domain.context.tree import ContextTree
from opentraces.domain.ids import plain_bytes
from tests.recorded_bodies import Keeping, Stored, text_block

MARK = {"cache_control": {"type": "ephemeral"}}
TOOLS = [{"name": f"tool{n}", "description": f"What tool {n} is for. " * 20} for n in range(20)]


def message(number: int, **marked: Any) -> dict[str, Any]:
    said = f"What is said in message {number}, which nothing else holds: {number * 7919}. " * 5
    return {
        "role": "assistant" if number % 2 else "user",
        "content": [{"type": "text", "text": said, **marked}],
    }


def request(count: int, marked_at: int = 1, **more: Any) -> bytes:
    """A request of so many messages, with a mark on one counted from the end."""
    messages = [message(n) for n in range(count)]
    messages[-marked_at] = message(count - marked_at, **MARK)
    return plain_bytes({"model": "m", "messages": messages, "tools": TOOLS, **more})


def kept(*bodies: bytes) -> Keeping:
    keeping = Keeping(Stored(()))
    keeping.keep((), (), [(f"{n}.request.json", data) for n, data in enumerate(bodies)])
    return keeping


def recipe(keeping: Keeping, data: bytes, name: str = "new.request.json") -> Recipe:
    values = keeping.values
    from_events = Recipes(values, keeping.known(values), keeping.events)
    return from_events.keep(name, "request", data)


def size(count: int) -> int:
    """Bytes of events and blobs of so many requests of one conversation."""
    keeping = kept(*(request(2 * n + 1) for n in range(count)))
    blobs = sum(map(len, keeping.stored.blobs.values()))
    return blobs + sum(len(line_of(event)) for event in keeping.events)


def assert_same(*bodies: bytes) -> Keeping:
    keeping = kept(*bodies)
    for number, data in enumerate(bodies):
        assert keeping.values.body(f"{number}.request.json") == data
    return keeping


def test_twice_the_requests_cost_twice_as_much() -> None:
    few, many = size(50), size(100)

    assert many < 2.05 * few
    assert many < sum(len(request(2 * n + 1)) for n in range(100)) / 20


def test_a_request_says_only_what_came_after_an_earlier_one() -> None:
    keeping = kept(request(5))
    new = recipe(keeping, request(7))

    assert new.said.keys() == {(5, 0), (6, 0)}
    assert new.body.content["messages"]["$marked"][0]["$concat"][0] == {
        "$head": ["0.request.json", 5]
    }


@pytest.mark.parametrize("marked_at", [1, 2, 3, 5])
def test_marks_may_stand_anywhere(marked_at: int) -> None:
    assert_same(request(5), request(7, marked_at), request(9, 2 * marked_at - 1))


def test_what_comes_after_a_mark_keeps_it_where_it_is() -> None:
    block = {"type": "text", **MARK, "text": "A mark that is not the last key."}
    assert_same(plain_bytes({"messages": [{"role": "user", "content": [block]}]}))


def test_however_many_requests_begin_with_each_other_the_last_comes_back() -> None:
    said = [{"role": "user", "content": str(n)} for n in range(400)]
    bodies = [plain_bytes({"messages": said[: n + 1]}) for n in range(400)]

    assert kept(*bodies).values.body("399.request.json") == bodies[-1]


def test_however_many_texts_refer_to_each_other_the_last_comes_back() -> None:
    bodies = [b"[" + b"1, " * (n + 100) + b"1]" for n in range(400)]

    assert kept(*bodies).values.body("399.request.json") == bodies[-1]


def test_an_equal_request_costs_its_name() -> None:
    keeping = kept(request(5))
    again = recipe(keeping, request(5))

    assert again.parts == ()
    assert again.said == {}
    assert len(line_of(again.body)) < 600


def test_what_is_large_is_a_blob_that_sessions_share() -> None:
    one, other = kept(request(3)), kept(request(5))

    assert one.stored.blobs.keys() == other.stored.blobs.keys() != set()
    assert recipe(one, request(7)).blobs == tuple(sorted(one.stored.blobs))


def test_of_the_system_prompt_only_what_is_large_is_a_blob() -> None:
    system = [text_block("This session is told at length. " * 100), text_block("This one.")]
    keeping = assert_same(request(1, system=system))

    assert plain_bytes(system[0]) in keeping.stored.blobs.values()
    assert not any(b"This one." in blob for blob in keeping.stored.blobs.values())


def test_what_looks_like_a_template_is_a_value() -> None:
    looks = {"$from": [0, 1, 2, "/x"], "$head": ["a", 1], "$marked": [1, {}], "$text": 4}
    call = {"type": "tool_use", "id": "t", "name": "n", "input": looks}
    assert_same(
        plain_bytes({"messages": [{"role": "user", "content": [call]}, looks], "x": [looks]}),
        plain_bytes({**looks, "messages": [{"role": "user", "content": looks}]}),
    )


NO_JSON = {
    "spaces": b'{"messages": []}',
    "a number in another form": b'{"messages":[],"x":1e21}',
    "a number of more digits": b'{"messages":[],"x":123456789012345678901234567890}',
    "half a character": b'{"messages":[{"role":"user","content":"\\ud83d"}]}',
    "a key twice": b'{"messages":[],"messages":[1]}',
    "a list": b"[1,2]",
    "nested more deeply than any JSON": b'{"a":' + b"[" * 5000 + b"]" * 5000 + b"}",
    "nested more deeply than a line can say": (
        b'{"messages":[{"content":[],"x":' + b"[" * 251 + b"]" * 251 + b"}]}"
    ),
    "cut short": b'{"messages":[{"role":"us',
    "nothing": b"",
    "no text": b"\xff\xfe\x00{}",
}


@pytest.mark.parametrize("data", NO_JSON.values(), ids=NO_JSON)
def test_a_body_whose_json_does_not_give_it_back_is_kept_as_text(data: bytes) -> None:
    keeping = assert_same(data, data)

    assert all(event.is_text for event in keeping.events if event.event == "body")


def test_texts_cost_what_they_add_too() -> None:
    bodies = [request(2 * n + 1, x=1).replace(b'"x":1', b'"x":1e21') for n in range(60)]
    keeping = assert_same(*bodies)
    stored = sum(len(line_of(event)) for event in keeping.events)
    blobs = sum(map(len, keeping.stored.blobs.values()))

    assert stored + blobs < 6 * len(bodies[-1])


def test_a_recipe_that_does_not_give_the_body_back_is_not_used() -> None:
    keeping = kept(request(3))
    damaged = Keeping(
        keeping.stored,
        [
            event.but(content={"messages": [{"role": "user", "content": "?"}]})
            if event.event == "body"
            else event
            for event in keeping.events
        ],
    )
    again = recipe(damaged, request(5))

    assert again.body.is_text
    assert again.value is None


json_values = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["content", "role", "text", "type", "cache_control", "$part", "$head"]),
            inner,
            max_size=4,
        )
    ),
    max_leaves=12,
)


messages = st.lists(
    st.fixed_dictionaries(
        {"role": st.sampled_from(["user", "assistant", "system"])},
        optional={
            "content": st.text(max_size=3)
            | st.lists(
                st.fixed_dictionaries(
                    {"type": st.sampled_from(["text", "thinking", "tool_result"])},
                    optional={
                        "text": st.sampled_from(["a", "a\n", "b"]),
                        "thinking": st.just("<REDACTED>"),
                        "signature": st.text(max_size=1),
                        "cache_control": st.just({"type": "ephemeral"}),
                    },
                ),
                max_size=3,
            )
        },
    ),
    max_size=5,
)


@given(st.lists(messages, max_size=6))
def test_any_conversations_are_kept_and_have_nodes(conversations: list[Any]) -> None:
    keeping = assert_same(*(plain_bytes({"messages": each}) for each in conversations))
    tree = ContextTree.of(keeping.events)

    assert len(tree.live) == len(conversations)
    for node, sent in zip(tree.live, conversations, strict=True):
        ours = [(each.role, each.id) for each in tree.blocks(node.node_id)]
        assert ours == [(role, block_id(role, value)) for role, value in flattened(sent)]


@given(
    st.lists(st.dictionaries(st.sampled_from(["messages", "system", "x"]), json_values), max_size=4)
)
def test_any_json_is_kept_byte_for_byte(bodies: list[dict[str, Any]]) -> None:
    assert_same(*map(plain_bytes, bodies))


@given(st.lists(st.binary(max_size=200), max_size=4))
def test_any_bytes_are_kept(bodies: list[bytes]) -> None:
    assert_same(*bodies)
