"""A request as a service got it, in the form in which blocks of Pi's are compared.

Written down from what the three services say of their requests, and not by way of the adapter.
"""

import json
from collections.abc import Iterator, Mapping
from typing import Any

Said = tuple[str, Any]

INSTRUCTING = ("system", "developer")


def said(body: Mapping[str, Any]) -> list[Said]:
    """Return the blocks of a request, by who speaks, without its system prompt."""
    rows = body.get("messages", body.get("input", []))
    if rows and rows[0].get("role") in INSTRUCTING:
        rows = rows[1:]
    return [block for row in rows for block in _said(row)]


def prompt(body: Mapping[str, Any]) -> str:
    """Return the system prompt of a request."""
    if "system" in body:
        return "".join(block["text"] for block in body["system"])
    first = body.get("messages", body.get("input"))[0]
    assert first["role"] in INSTRUCTING
    return str(first["content"])


def tool_names(body: Mapping[str, Any]) -> list[str]:
    """Return the names of the tools of a request, in their order."""
    return [tool.get("name") or tool["function"]["name"] for tool in body.get("tools", [])]


def _said(row: Mapping[str, Any]) -> Iterator[Said]:
    kind, role = row.get("type"), row.get("role")
    if kind == "reasoning":
        yield "assistant", {"type": "thinking", "thinkingSignature": row}
    elif kind == "function_call":
        yield "assistant", _call(row["call_id"], row["name"], json.loads(row["arguments"]))
    elif kind == "function_call_output":
        yield "tool", _result(row["call_id"], row["output"])
    elif role == "tool":
        yield "tool", _result(row["tool_call_id"], row["content"])
    elif isinstance(row.get("content"), str):
        yield from _fields(row)
        yield str(role), _text(row["content"])
        yield from _functions(row)
    else:
        yield from _fields(row)
        yield from (_block(str(role), block) for block in row.get("content") or ())
        yield from _functions(row)


def _fields(row: Mapping[str, Any]) -> Iterator[Said]:
    if row.get("reasoning_content"):
        field = {"thinking": row["reasoning_content"], "thinkingSignature": "reasoning_content"}
        yield "assistant", {"type": "thinking", **field}


def _functions(row: Mapping[str, Any]) -> Iterator[Said]:
    for call in row.get("tool_calls", ()):
        given = json.loads(call["function"]["arguments"])
        yield "assistant", _call(call["id"], call["function"]["name"], given)


def _block(role: str, block: Mapping[str, Any]) -> Said:
    match block["type"]:
        case "text" | "input_text" | "output_text":
            return role, _text(block["text"])
        case "thinking":
            said = {"thinking": block["thinking"], "thinkingSignature": block["signature"]}
            return role, {"type": "thinking", **said}
        case "tool_use":
            return role, _call(block["id"], block["name"], block["input"])
        case "tool_result":
            return "tool", _result(block["tool_use_id"], block["content"], block["is_error"])
        case _:
            return role, {"type": "image", "url": _url(block)}


def _url(block: Mapping[str, Any]) -> str:
    if block["type"] == "image":
        return f"data:{block['source']['media_type']};base64,{block['source']['data']}"
    url = block["image_url"]
    return str(url if block["type"] == "input_image" else url["url"])


def _result(call: str, output: Any, is_error: bool = False) -> dict[str, Any]:
    parts = [_text(output)] if isinstance(output, str) else [_part(each) for each in output]
    rest = {"isError": True} if is_error else {}
    return {"type": "toolResult", "toolCallId": call, "content": parts, **rest}


def _part(block: Mapping[str, Any]) -> dict[str, Any]:
    return dict(_block("tool", block)[1])


def _call(call: str, name: str, given: Any) -> dict[str, Any]:
    return {"type": "toolCall", "id": call, "name": name, "arguments": given}


def _text(text: str) -> dict[str, Any]:
    return {"type": "text", "text": text}
