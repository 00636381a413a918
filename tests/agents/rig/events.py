"""One response as the Messages API streams it."""

from base64 import b64encode
from collections.abc import Iterator
from hashlib import sha256
from typing import Any, TypeAlias

import orjson

from benchmarks.corpus.tokens import Tokens
from tests.agents.rig.script import Answer, Block, Call, Text, Thinking

Event: TypeAlias = dict[str, Any]
_PIECE = 40


def stream(answer: Answer, message_id: str, model: str, tokens: Tokens) -> Iterator[Event]:
    """Yield the events of one response, its blocks in small pieces."""
    usage = _usage(tokens)
    begun: Event = {"content": [], "stop_reason": None, "usage": usage | {"output_tokens": 1}}
    yield {"type": "message_start", "message": _message(message_id, model) | begun}
    for index, block in enumerate(answer.blocks):
        yield from _block(block, index, _call_id(message_id, index))
    yield {
        "type": "message_delta",
        "delta": {"stop_reason": answer.stop_reason, "stop_sequence": None},
        "usage": usage,
    }
    yield {"type": "message_stop"}


def whole(answer: Answer, message_id: str, model: str, tokens: Tokens) -> Event:
    """Return one response to a client that asked for no stream."""
    content = [
        _full(block, _call_id(message_id, index)) for index, block in enumerate(answer.blocks)
    ]
    ended = {"content": content, "stop_reason": answer.stop_reason, "usage": _usage(tokens)}
    return _message(message_id, model) | ended


def _message(message_id: str, model: str) -> Event:
    return {
        "id": message_id,
        "type": "message",
        "role": "assistant",
        "model": model,
        "stop_sequence": None,
    }


def _usage(tokens: Tokens) -> Event:
    return {
        "input_tokens": tokens.input,
        "cache_creation_input_tokens": tokens.cache_creation,
        "cache_read_input_tokens": tokens.cache_read,
        "cache_creation": {
            "ephemeral_5m_input_tokens": tokens.cache_creation,
            "ephemeral_1h_input_tokens": 0,
        },
        "output_tokens": tokens.output,
        "service_tier": "standard",
    }


def _call_id(message_id: str, index: int) -> str:
    return f"toolu_{message_id}{index}"


def _block(block: Block, index: int, call_id: str) -> Iterator[Event]:
    yield {"type": "content_block_start", "index": index, "content_block": _empty(block, call_id)}
    for delta in _deltas(block):
        yield {"type": "content_block_delta", "index": index, "delta": delta}
    yield {"type": "content_block_stop", "index": index}


def _empty(block: Block, call_id: str) -> Event:
    match block:
        case Text():
            return {"type": "text", "text": ""}
        case Thinking():
            return {"type": "thinking", "thinking": "", "signature": ""}
        case Call():
            return {"type": "tool_use", "id": call_id, "name": block.tool, "input": {}}


def _full(block: Block, call_id: str) -> Event:
    match block:
        case Text():
            return {"type": "text", "text": block.text}
        case Thinking():
            return {"type": "thinking", "thinking": block.text, "signature": _signature(block.text)}
        case Call():
            return _empty(block, call_id) | {"input": dict(block.arguments)}


def _deltas(block: Block) -> Iterator[Event]:
    match block:
        case Text():
            for piece in _pieces(block.text):
                yield {"type": "text_delta", "text": piece}
        case Thinking():
            for piece in _pieces(block.text):
                yield {"type": "thinking_delta", "thinking": piece}
            yield {"type": "signature_delta", "signature": _signature(block.text)}
        case Call():
            for piece in _pieces(orjson.dumps(dict(block.arguments)).decode()):
                yield {"type": "input_json_delta", "partial_json": piece}


def _signature(thinking: str) -> str:
    """Return what seals a thinking: another for each."""
    return b64encode(b"sealed by a script: " + sha256(thinking.encode()).digest()).decode()


def _pieces(text: str) -> Iterator[str]:
    for start in range(0, len(text), _PIECE):
        yield text[start : start + _PIECE]
