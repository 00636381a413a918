"""What a block says, whichever service it was sent to.

Blocks stand in a tree as the provider was sent them: those of Messages, the items of Responses, and
the words that Pi has for both. What is known of none of them says its own JSON.
"""

from collections.abc import Callable, Mapping
from dataclasses import field
from typing import Any, Literal

from opentraces.domain.amounts import size
from opentraces.domain.ids import canonical_bytes, read_json
from opentraces.domain.slotted import frozen_dataclass

SayingKind = Literal["text", "thinking", "call", "output", "image", "other"]
"""Words; thinking; a call of a tool; what came of one; a picture or document; what is none."""

_NOTHING: Mapping[str, Any] = {}


@frozen_dataclass
class Saying:
    """What one block says."""

    kind: SayingKind
    """What it is."""

    text: str = ""
    """What can be read of it; of a call nothing. Empty: it is sealed, or says nothing."""

    tool: str | None = None
    """The tool that is called. None: it is no call."""

    call: str | None = None
    """The id of the call that is made or answered. None: it is neither, or has none."""

    input: Mapping[str, Any] = field(default_factory=dict)
    """What the tool is called with."""

    is_error: bool = False
    """Whether it says that a call failed."""


def said_in(value: Any) -> Saying:
    """Return what a block says."""
    if isinstance(value, str):
        return Saying("text", value)
    if not isinstance(value, Mapping):
        return Saying("other", _json(value))
    kind = value.get("type")
    read = _READERS.get(kind) if isinstance(kind, str) else None
    if read is None and isinstance(kind, str) and kind.endswith(("_output", "_result")):
        read = _output
    return Saying("other", _json(value)) if read is None else read(value)


def text_in(content: Any) -> str:
    """Return the text of a block's content: its parts that are text, and words for the others."""
    if isinstance(content, str):
        return content
    if isinstance(content, list):
        return "\n".join(_part(each) for each in content)
    return "" if content is None else _json(content)


def named_in(tools: Any) -> tuple[str, ...]:
    """Return the names of tools, as a provider is sent them, in their order."""
    listed = tools if isinstance(tools, list) else []
    return tuple(_tool_name(each) for each in listed)


def _tool_name(tool: Any) -> str:
    if not isinstance(tool, Mapping):
        return _json(tool)
    inner = tool.get("function")
    said = tool.get("name") or (inner.get("name") if isinstance(inner, Mapping) else None)
    return str(said or tool.get("type") or "?")


def _part(part: Any) -> str:
    said = said_in(part)
    if said.kind != "other":
        return said.text
    kind = part.get("type") if isinstance(part, Mapping) else None
    return f"[{kind}]" if isinstance(kind, str) else said.text


def _text(value: Mapping[str, Any]) -> Saying:
    return Saying("text", text_in(value.get("text")))


def _message(value: Mapping[str, Any]) -> Saying:
    return Saying("text", text_in(value.get("content")))


def _thinking(value: Mapping[str, Any]) -> Saying:
    parts = (value.get("thinking"), value.get("summary"), value.get("content"))
    return Saying("thinking", "\n".join(filter(None, map(text_in, parts))))


def _image(value: Mapping[str, Any]) -> Saying:
    return Saying("image", f"[{value.get('type')}, {size(len(canonical_bytes(value)))}]")


def _call(value: Mapping[str, Any]) -> Saying:
    given = next((value[key] for key in _GIVEN if key in value), None)
    if isinstance(given, str):
        given = _object(given) or {"input": given}
    return Saying(
        "call",
        tool=str(value.get("name") or value.get("type")),
        call=_id(value),
        input=given if isinstance(given, Mapping) else _NOTHING,
    )


def _output(value: Mapping[str, Any]) -> Saying:
    content = value.get("content", value.get("output"))
    is_error = bool(value.get("is_error") or value.get("isError"))
    return Saying("output", text_in(content), call=_id(value), is_error=is_error)


def _object(text: str) -> Mapping[str, Any] | None:
    try:
        value = read_json(text.encode("utf-8", "surrogatepass"))
    except ValueError:
        return None
    return value if isinstance(value, Mapping) else None


def _id(value: Mapping[str, Any]) -> str | None:
    found = next((value[key] for key in _IDS if isinstance(value.get(key), str)), None)
    return None if found is None else str(found)


def _json(value: Any) -> str:
    return canonical_bytes(value).decode("utf-8", "replace")


_GIVEN = ("input", "arguments", "action")
_IDS = ("tool_use_id", "toolCallId", "call_id", "id")
_READERS: Mapping[str, Callable[[Mapping[str, Any]], Saying]] = {
    **dict.fromkeys(("text", "input_text", "output_text", "summary_text", "reasoning_text"), _text),
    **dict.fromkeys(("message", "agent_message"), _message),
    **dict.fromkeys(("thinking", "redacted_thinking", "reasoning"), _thinking),
    **dict.fromkeys(("image", "input_image", "document", "input_file"), _image),
    **dict.fromkeys(("tool_use", "server_tool_use", "mcp_tool_use", "toolCall"), _call),
    **dict.fromkeys(("function_call", "custom_tool_call", "local_shell_call"), _call),
    "toolResult": _output,
}
