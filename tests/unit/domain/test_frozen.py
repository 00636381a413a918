"""The base of all that is kept."""

import pytest
from pydantic import Field

from opentraces.domain.context.blocks import Block
from opentraces.domain.context.events import NodeObserved
from opentraces.domain.frozen import Frozen
from opentraces.domain.ids import Digest, NodeId
from opentraces.domain.step import Step, TokenUsage, ToolCall


class Thing(Frozen):
    """One with every kind of field."""

    name: str
    size: int = 3
    parts: tuple[str, ...] = ()
    more: dict[str, str] = Field(default_factory=dict)
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
def test_unchecked_is_the_same_as_checked(kind: type[Frozen], fields: dict[str, object]) -> None:
    checked, unchecked = kind(**fields), kind.unchecked(**fields)

    assert unchecked == checked
    assert list(vars(unchecked)) == list(vars(checked))
    assert unchecked.model_fields_set == checked.model_fields_set
    assert unchecked.model_dump_json() == checked.model_dump_json()
    assert unchecked.model_dump_json(exclude_defaults=True) == checked.model_dump_json(
        exclude_defaults=True
    )
    assert unchecked.model_copy(update={}) == checked


def test_unchecked_is_as_frozen() -> None:
    with pytest.raises(ValueError, match="frozen"):
        TokenUsage.unchecked().input_tokens = 1  # type: ignore[misc]


def test_values_are_equal_when_kind_and_fields_are() -> None:
    class Other(TokenUsage):
        """Of the same fields."""

    assert TokenUsage(input_tokens=1) == TokenUsage(input_tokens=1)
    assert hash(TokenUsage(input_tokens=1)) == hash(TokenUsage.unchecked(input_tokens=1))
    assert TokenUsage(input_tokens=1) != TokenUsage(input_tokens=2)
    assert TokenUsage() != Other()
    assert TokenUsage() != 0


def test_numbered_step_is_the_same_step_elsewhere() -> None:
    step = Step.model_validate(STEP)

    assert step.numbered(9) == step.model_copy(update={"step_index": 9})
    assert step.step_index == 4
