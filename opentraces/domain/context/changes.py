"""What changed in the layers beside the messages between two calls."""

from collections.abc import Mapping
from typing import Any

from opentraces.domain.context.events import LayerKind
from opentraces.domain.context.node_ids import layer_id
from opentraces.domain.context.saying import named_in
from opentraces.domain.slotted import frozen_dataclass


@frozen_dataclass
class LayerChange:
    """A layer that is another one at the later call. Names are of tools, or keys of settings."""

    layer: LayerKind
    """Which."""

    is_known: tuple[bool, bool]
    """Whether anything is known of it at the earlier, and at the later call."""

    added: tuple[str, ...] = ()
    """What only the later one has."""

    removed: tuple[str, ...] = ()
    """What only the earlier one has."""

    changed: tuple[str, ...] = ()
    """What both have, and not the same."""


def layer_change(layer: LayerKind, before: Any, after: Any) -> LayerChange | None:
    """Hold a layer against what it was; None stands for one of which nothing is known.

    None: it is the same.
    """
    is_known = (before is not None, after is not None)
    if not any(is_known) or (all(is_known) and layer_id(layer, before) == layer_id(layer, after)):
        return None
    old, new = _named(layer, before), _named(layer, after)
    return LayerChange(
        layer=layer,
        is_known=is_known,
        added=tuple(name for name in new if name not in old),
        removed=tuple(name for name in old if name not in new),
        changed=tuple(name for name in new if name in old and new[name] != old[name]),
    )


def _named(layer: LayerKind, value: Any) -> Mapping[str, Any]:
    if layer == "tool_registry" and isinstance(value, list):
        return dict(zip(named_in(value), value, strict=True))
    if layer == "runtime_state" and isinstance(value, Mapping):
        return value
    return {}
