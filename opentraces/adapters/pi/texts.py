"""Content of messages and results as text, and arguments of calls as they are kept."""

from typing import Any

from opentraces.adapters._reading.nesting import fault_of
from opentraces.adapters._reading.values import inner, objects, text


def shown(content: Any) -> str | None:
    """Return the content of a message or result as text. None: it holds nothing."""
    if type(content) is str:
        return content or None
    parts = [part for part in map(shown_part, objects(content)) if part]
    return "\n".join(parts) if parts else None


def shown_part(part: dict[str, Any]) -> str | None:
    """Return one part of a content as text, or the marker that stands for it. None: empty."""
    kind = text(part.get("type")) or "part"
    return text(part.get("text")) if kind == "text" else f"[{kind[:40]}]"


def arguments(given: Any) -> dict[str, Any]:
    """Return a call's arguments: an object, JSON as text, or bare text under the key `input`.

    What is nested too deep is replaced by `too_deep: true`, too many values by `too_many: true`.
    """
    said = given if type(given) is dict else inner(given)
    if said is not None:
        fault = fault_of(said)
        return {fault: True} if fault else said
    return {} if given in (None, "") else {"input": given if type(given) is str else str(given)}
