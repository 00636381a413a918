"""Content of messages and results as text, and arguments of calls as they are kept."""

from typing import Any

from opentraces.adapters._reading.nesting import fault_of
from opentraces.adapters._reading.values import inner, mapping, objects, text

_WORDS = frozenset(("input_text", "output_text", "text", "Text", "summary_text", "reasoning_text"))


def shown(content: Any) -> str | None:
    """Return the content of a message or result as text. None: it holds nothing.

    What is sealed is left out, and has a marker: nobody is shown its bytes.
    """
    if type(content) is str:
        return content or None
    if type(content) is dict:
        return shown(content.get("content")) or text(content.get("body"))
    parts = [part for part in map(shown_part, objects(content)) if part]
    return "\n".join(parts) if parts else None


def shown_part(part: dict[str, Any]) -> str | None:
    """Return one part of a content as text, or the marker that stands for it. None: empty."""
    kind = part.get("type")
    if type(kind) is str and kind in _WORDS:
        return text(part.get("text"))
    named = (text(kind) or "part")[:40].removeprefix("input_").removeprefix("output_")
    return "[sealed]" if named == "encrypted_content" else f"[{named}]"


def arguments(given: Any) -> dict[str, Any]:
    """Return a call's arguments: JSON as text, an object, or bare text under the key `input`.

    What is nested too deep is replaced by `too_deep: true`, too many values by `too_many: true`.
    """
    said = inner(given)
    if said is None and type(given) is dict:
        said = given
    if said is not None:
        fault = fault_of(said)
        return {fault: True} if fault else said
    return {} if given in (None, "") else {"input": given if type(given) is str else str(given)}


def command_of(said: dict[str, Any]) -> str | None:
    """Return the command that an event says was run. None: it does not say."""
    words = said.get("command")
    if type(words) is str:
        return words or None
    if type(words) is not list:
        return None
    plain = [word for word in words if type(word) is str]
    if len(plain) == 3 and plain[1] in ("-c", "-lc"):
        return plain[2]
    return " ".join(plain) or None


def milliseconds_of(said: dict[str, Any], item: dict[str, Any]) -> int | None:
    """Return how long something took, by its event and its item. None: neither says."""
    spent = mapping(item.get("duration"))
    secs, nanos = spent.get("secs"), spent.get("nanos")
    if type(secs) is int and type(nanos) is int and 0 <= secs < 10**9 and 0 <= nanos < 10**9:
        return secs * 1000 + nanos // 1_000_000
    began, ended = said.get("started_at_ms"), said.get("completed_at_ms")
    if type(began) is int and type(ended) is int and 0 <= ended - began < 10**12:
        return ended - began
    return None
