"""The base of all that is kept."""

from copy import copy
from dataclasses import FrozenInstanceError, field

import pytest

from opentraces.adapters.filesystem.checking import checker
from opentraces.domain.built import built
from opentraces.domain.context.blocks import Block
from opentraces.domain.context.events import NodeObserved
from opentraces.domain.frozen import Frozen, told
from opentraces.domain.ids import Digest, NodeId, exact_bytes, read_json
from opentraces.domain.step import Step, TokenUsage, ToolCall
from tests.checked import checked, checked_json, json_of


class Thing(Frozen):
    """One with every kind of field."""

    name: str
    size: int = 3
    parts: tuple[str, ...] = ()
    more: dict[str, str] = field(default_factory=dict)
    usage: TokenUsage = TokenUsage()


CALLED = ToolCall(tool_call_id="c1", tool_name="Edit", input={"a": [1]})
STEP = {"step_index": 4, "tool_calls": (CALLED,), "role": "agent", "content": "Done"}
NODE = {
    "node_id": NodeId("sha256:00"),
    "added": (Block(Digest("0" * 16), "user", "text", 4),),
    "completeness": {"messages": "full"},
}


@pytest.mark.parametrize(
    ("kind", "fields"),
    [
        (Thing, {"name": "a", "more": {}}),
        (Thing, {"more": {"b": "c"}, "name": "a", "usage": TokenUsage(input_tokens=1), "size": 1}),
        (TokenUsage, {}),
        (Step, STEP),
        (NodeObserved, NODE),
    ],
)
def test_a_value_is_as_pydantic_reads_it(kind: type[Frozen], fields: dict[str, object]) -> None:
    made, read = kind(**fields), checked(kind, fields)

    assert made == read == built(kind, fields)
    assert list(vars(made)) == list(vars(read))
    assert json_of(made) == checker(kind).dump_json(read)
    assert exact_bytes(made.told(), told) == checker(kind).dump_json(read, exclude_defaults=True)
    assert made.but() == copy(made) == made
    assert checked_json(kind, json_of(made)) == made == built(kind, read_json(json_of(made)))
    assert built(kind, read_json(exact_bytes(made.told(), told))) == made


def test_a_value_is_closed_and_whole() -> None:
    with pytest.raises(TypeError, match="Thing has no colour"):
        Thing(name="a", colour="red")  # type: ignore[call-arg]
    with pytest.raises(TypeError, match="Thing has no value for name"):
        Thing()  # type: ignore[call-arg]
    with pytest.raises(TypeError, match="Thing has no colour"):
        Thing(name="a").but(colour="red")


def test_a_default_that_can_change_is_made_anew() -> None:
    assert Thing(name="a").more is not Thing(name="b").more


def test_a_value_is_frozen() -> None:
    usage = TokenUsage()
    with pytest.raises(FrozenInstanceError, match="frozen"):
        usage.input_tokens = 1  # type: ignore[misc]
    with pytest.raises(FrozenInstanceError, match="frozen"):
        del usage.input_tokens


def test_values_are_equal_when_kind_and_fields_are() -> None:
    class Other(TokenUsage):
        """Of the same fields."""

    assert TokenUsage(input_tokens=1) == TokenUsage(input_tokens=1)
    assert hash(TokenUsage(input_tokens=1)) == hash(TokenUsage(input_tokens=1))
    assert TokenUsage(input_tokens=1) != TokenUsage(input_tokens=2)
    assert TokenUsage() != Other()
    assert TokenUsage() != 0


def test_numbered_step_is_the_same_step_elsewhere() -> None:
    step = Step(**STEP)  # type: ignore[arg-type]

    assert step.numbered(9) == step.but(step_index=9)
    assert step.step_index == 4
