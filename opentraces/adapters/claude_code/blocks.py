"""Content blocks of messages: their text, and a short marker where the bytes are not text."""

import re
from typing import Any

from opentraces.adapters._reading.values import mapping, text

_DEEPEST = 100
"""Nesting of a tool input above which it is not taken over; nothing of ours writes past 254."""

_MOST = 100_000
"""Values in a tool input above which it is not taken over: each takes far more room in memory
than on its line."""

_NESTED = (dict, list)
_LONG = 1024
_SAMPLE = 128
_BASE64 = re.compile(r"(?:data:[\w.+/;=-]{1,100},)?[A-Za-z0-9+/_-]+={0,2}")


def shown(content: Any) -> str | None:
    """Return the content of a result as text, one block a line. None: it holds nothing."""
    if type(content) is str:
        return content
    if type(content) is not list:
        return None
    parts = [part for part in map(_shown, content) if part]
    return "\n".join(parts) if parts else None


def _shown(block: Any) -> str | None:
    if type(block) is str:
        return block
    return block_text(block) if type(block) is dict else None


def block_text(block: dict[str, Any]) -> str | None:
    """Return a block's text, or the marker that stands for it. None: it is empty."""
    kind = block.get("type")
    if kind == "text":
        return text(block.get("text"))
    if kind == "tool_reference":
        return f"[tool {text(block.get('tool_name')) or '?'}]"
    if kind == "search_result":
        return f"[{text(block.get('title')) or 'search result'}]"
    return marker(block)


def marker(block: dict[str, Any]) -> str:
    """Return a few words for a block whose bytes stay in the source."""
    kind = (text(block.get("type")) or "block")[:40]
    source = mapping(block.get("source"))
    media = text(source.get("media_type"))
    data = text(source.get("data"))
    words = [kind, media[:80]] if media else [kind]
    if data and source.get("type") == "base64":
        words[-1] += ","
        words.append(f"{base64_size(data)} bytes")
    return f"[{' '.join(words)}]"


def base64_size(data: str) -> int:
    """Return how many bytes a base64 text stands for."""
    return len(data) * 3 // 4 - data.count("=", -2)


def tool_input(given: Any) -> dict[str, Any]:
    """Return a call's arguments with a marker in place of binary data.

    Bare text, or anything else that is no object, stands under the key `input`; what is nested
    too deep is replaced by `too_deep: true`, what holds too many values by `too_many: true`.
    """
    if given is None:
        return {}
    if type(given) is dict and len(given) <= _MOST and not any(map(_needs_care, given.values())):
        return given
    if fault := _fault(given, _MOST):
        return {fault: True}
    cleaned = _clean(given)
    return cleaned if type(cleaned) is dict else {"input": cleaned}


def _needs_care(value: Any) -> bool:
    return type(value) in (dict, list) or (type(value) is str and len(value) > _LONG)


def depth_fits(value: Any) -> bool:
    """Whether it is nested no deeper than what is taken over."""
    level = [value] if type(value) in _NESTED else []
    for _ in range(_DEEPEST):
        level = [
            inner
            for each in level
            for inner in (each.values() if type(each) is dict else each)
            if type(inner) in _NESTED
        ]
        if not level:
            return True
    return False


def _fault(value: Any, most: int) -> str | None:
    """Return why a value is not taken over. None: it is."""
    level = [value]
    count = 0
    for _ in range(_DEEPEST):
        inner: list[Any] = []
        for each in level:
            if type(each) is dict:
                inner.extend(each.values())
            elif type(each) is list:
                inner.extend(each)
        count += len(inner)
        if count > most:
            return "too_many"
        level = [each for each in inner if type(each) in (dict, list)]
        if not level:
            return None
    return "too_deep"


def _clean(value: Any) -> Any:
    if type(value) is str:
        return _marked(value) if len(value) > _LONG else value
    if type(value) is list:
        return [_clean(each) for each in value]
    if type(value) is dict:
        return {key: _clean(each) for key, each in value.items()}
    return value


def _marked(value: str) -> str:
    if _BASE64.fullmatch(value[:_SAMPLE]) and _BASE64.fullmatch(value):
        return f"[base64, {len(value)} characters]"
    return value
