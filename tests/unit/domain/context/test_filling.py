"""What fills the window."""

from collections.abc import Sequence
from typing import Any

import pytest

from opentraces.domain.context.blocks import block_of
from opentraces.domain.context.filling import Part, apportioned, estimated, filling


def found(*blocks: tuple[str, Any]) -> list[tuple[str, str | None, int]]:
    told = [(block_of(role, value, None), value) for role, value in blocks]
    return sorted((part.kind, part.name, part.blocks) for part in filling(told, {}))


def call(name: str, tool: str, **given: str) -> dict[str, Any]:
    return {"type": "tool_use", "id": name, "name": tool, "input": given}


def result(name: str) -> dict[str, Any]:
    return {"type": "tool_result", "tool_use_id": name, "content": "out"}


@pytest.mark.parametrize(
    ("role", "block", "kind"),
    [
        ("user", "typed", "user"),
        ("user", {"type": "image"}, "user"),
        ("assistant", "said", "assistant"),
        ("assistant", {"type": "thinking", "thinking": "h"}, "thinking"),
        ("assistant", call("c", "Read"), "call"),
        ("developer", {"type": "message", "content": "told"}, "system"),
        ("system", "told", "system"),
    ],
)
def test_a_block_is_of_a_kind(role: str, block: Any, kind: str) -> None:
    assert found((role, block)) == [(kind, None, 1)]


def test_what_a_tool_read_is_the_files_and_all_else_the_tools() -> None:
    assert found(
        ("assistant", call("a", "Read", file_path="x.py")),
        ("assistant", call("b", "Read", file_path="x.py")),
        ("assistant", call("c", "Bash", command="cat x.py")),
        ("user", result("a")),
        ("user", result("b")),
        ("user", result("c")),
        ("user", result("gone")),
    ) == [
        ("call", None, 3),
        ("file", "x.py", 2),
        ("output", "?", 1),
        ("output", "Bash", 1),
    ]


def test_layers_are_parts_and_the_largest_is_first() -> None:
    block = block_of("user", "typed", None)

    parts = filling([(block, "typed")], {"system": 900, "tools": 3000})

    assert [(part.kind, part.bytes) for part in parts] == [
        ("tools", 3000),
        ("system", 900),
        ("user", block.size),
    ]


PARTS = [Part("tools", None, 1, 600), Part("user", None, 2, 200)]


@pytest.mark.parametrize(
    ("tokens", "is_whole", "shares"),
    [
        (None, True, [None, None]),
        (100, True, [75, 25]),
        (101, True, [76, 25]),
        (1000, True, [750, 250]),
        (1000, False, [150, 50, 800]),
        (200, False, [150, 50, 0]),
        (100, False, [75, 25, 0]),
    ],
)
def test_tokens_of_parts_are_those_of_the_prompt(
    tokens: int | None, is_whole: bool, shares: list[int | None]
) -> None:
    parts = estimated(PARTS, tokens, is_whole=is_whole)

    assert [part.tokens for part in parts] == shares
    assert [part.kind for part in parts[2:]] == ["unknown"] * len(shares[2:])
    assert tokens is None or sum(part.tokens or 0 for part in parts) == tokens


@pytest.mark.parametrize(
    ("sizes", "total", "shares"),
    [
        ([], 5, []),
        ([0, 0], 5, [0, 0]),
        ([1, 1, 1], 2, [1, 1, 0]),
        ([2, 1], 10, [7, 3]),
        ([5, 5], 0, [0, 0]),
    ],
)
def test_a_total_is_shared_out_whole(sizes: Sequence[int], total: int, shares: list[int]) -> None:
    assert apportioned(sizes, total) == shares
