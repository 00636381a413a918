"""What changed in the layers beside the messages."""

from typing import Any

import pytest

from opentraces.domain.context.changes import LayerChange, layer_change
from opentraces.domain.context.events import LayerKind

BOTH = (True, True)


@pytest.mark.parametrize(
    ("layer", "before", "after", "change"),
    [
        ("system", None, None, None),
        ("system", "a", "a", None),
        ("system", "a", "b", LayerChange("system", BOTH)),
        ("system", None, "b", LayerChange("system", (False, True))),
        (
            "tool_registry",
            [{"name": "Read"}, {"name": "Bash"}, {"name": "Task"}],
            [{"name": "Bash", "description": "d"}, {"name": "Read"}, {"name": "Edit"}],
            LayerChange("tool_registry", BOTH, ("Edit",), ("Task",), ("Bash",)),
        ),
        (
            "tool_registry",
            [{"name": "Read"}],
            None,
            LayerChange("tool_registry", (True, False), (), ("Read",)),
        ),
        (
            "runtime_state",
            {"model": "a", "cwd": "/"},
            {"model": "b", "mode": "plan"},
            LayerChange("runtime_state", BOTH, ("mode",), ("cwd",), ("model",)),
        ),
    ],
)
def test_a_layer_is_held_against_what_it_was(
    layer: LayerKind, before: Any, after: Any, change: LayerChange | None
) -> None:
    assert layer_change(layer, before, after) == change


def test_a_mark_for_a_cache_is_no_change() -> None:
    marked = [{"type": "text", "text": "a", "cache_control": {"type": "ephemeral"}}]

    assert layer_change("system", [{"type": "text", "text": "a"}], marked) is None
