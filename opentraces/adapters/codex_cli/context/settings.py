"""What a thread runs with, as the layer `runtime_state` of its calls.

`model`, `cwd`, `approval_policy`, `sandbox`, `mode` and `reasoning_effort` are those of the turn;
`branch` is that of the repository when the thread began. `history_base` is where a thread goes on
from that was forked, or of which turns were taken back: `thread_id`, and up to where its rollout
counts, in lines (`end_ordinal_exclusive`) and in bytes (`end_byte_offset`).
"""

from typing import Any

from opentraces.adapters._reading.values import mapping, name, whole

_BASE = ("end_ordinal_exclusive", "end_byte_offset")


def begun_with(meta: dict[str, Any]) -> dict[str, Any]:
    """Return what a rollout's first line says."""
    base = mapping(meta.get("history_base"))
    thread = name(base.get("thread_id"))
    ends = {key: whole(base.get(key)) for key in _BASE}
    return {
        **_told(cwd=meta.get("cwd"), branch=mapping(meta.get("git")).get("branch")),
        **({"history_base": {"thread_id": thread, **ends}} if thread is not None else {}),
    }


def turned_to(context: dict[str, Any]) -> dict[str, Any]:
    """Return what the context of a turn says."""
    collaboration = mapping(context.get("collaboration_mode"))
    chosen = mapping(collaboration.get("settings")).get("reasoning_effort")
    return _told(
        model=context.get("model"),
        cwd=context.get("cwd"),
        approval_policy=context.get("approval_policy"),
        sandbox=mapping(context.get("sandbox_policy")).get("type"),
        mode=collaboration.get("mode"),
        reasoning_effort=context.get("effort") or chosen,
    )


def _told(**said: Any) -> dict[str, Any]:
    return {key: value for key, value in said.items() if name(value) is not None}
