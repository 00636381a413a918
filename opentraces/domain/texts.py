"""What a step says, by place: the one rule for what is indexed and what a snippet is cut from."""

from collections.abc import Iterable, Mapping
from typing import Any

from opentraces.domain.escapes import without_escapes
from opentraces.domain.search import Place

_SPEAKER = {"user": Place.USER, "agent": Place.AGENT, "system": Place.SYSTEM}

WHOLE = 64 * 1024
"""Characters of one place that are indexed whole; of a longer one, its head and its tail."""


def texts_of_kept(step: Mapping[str, Any]) -> dict[Place, str]:
    """Return what a step says, from its kept JSON (defaults absent)."""
    return texts_of(
        role=step["role"],
        content=step.get("content"),
        thinking=step.get("reasoning_content"),
        inputs=[call.get("input", {}) for call in step.get("tool_calls", ())],
        outputs=[seen.get("content") for seen in step.get("observations", ())],
    )


def texts_of(
    *,
    role: str,
    content: str | None,
    thinking: str | None,
    inputs: Iterable[Mapping[str, Any]],
    outputs: Iterable[str | None],
) -> dict[Place, str]:
    """Return what a step says, as it was seen; places without text are absent."""
    texts = {
        _SPEAKER[role]: content or "",
        Place.THINKING: thinking or "",
        Place.CALL: "\n".join(_leaves(inputs)),
        Place.TOOL: "\n".join(output for output in outputs if output),
    }
    seen = {place: without_escapes(text) for place, text in texts.items()}
    return {place: text for place, text in seen.items() if text}


def indexed_part(text: str) -> str:
    """Return what of one place is indexed: all of it, or its head and its tail."""
    if len(text) <= WHOLE:
        return text
    return f"{text[: WHOLE // 2]}\n{text[-WHOLE // 2 :]}"


def _leaves(values: Iterable[Any]) -> list[str]:
    found: list[str] = []
    for value in values:
        if isinstance(value, str):
            found.append(value)
        elif isinstance(value, Mapping):
            found += _leaves(value.values())
        elif isinstance(value, list | tuple):
            found += _leaves(value)
        elif isinstance(value, int | float) and not isinstance(value, bool):
            found.append(str(value))
    return found
