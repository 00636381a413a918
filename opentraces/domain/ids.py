"""Names that follow from content, and the bytes they are taken over.

The only module that hashes, and the only one of the core that knows a JSON library.
"""

import hashlib
import json
import re
from collections.abc import Callable, Iterable
from typing import Any, NewType, NoReturn
from uuid import UUID

import orjson

TraceId = NewType("TraceId", str)
"""A UUID in its usual form, lower case: see `trace_id`."""

SessionId = NewType("SessionId", str)
"""The agent's own name for a session, as the agent wrote it."""

BlobId = NewType("BlobId", str)
"""64 lower-case hex digits: the SHA-256 of the blob's plain bytes."""

NodeId = NewType("NodeId", str)
"""`sha256:` and 64 hex digits: one node of a Context Tree."""

StepKey = NewType("StepKey", str)
"""16 hex digits: what an agent calls one step, the same in every copy of it."""

Digest = NewType("Digest", str)
"""16 lower-case hex digits: the first half of the first half of a SHA-256."""

_LONE_SURROGATE = "[\ud800-\udfff]"
_MANY_DIGITS = rb"[0-9]{19}"
_TOO_DEEP = b'"nested too deep"'
"""Stands for a value that no writer of JSON here writes: all such have one name."""

_NAMESPACE = UUID("5c6f4f5e-6f70-5e74-9261-636573000001")


def trace_id(agent: str, session: SessionId) -> TraceId:
    """Name the trace of one agent's session: the same on every run and machine."""
    return TraceId(uuid_of(agent, session))


def uuid_of(*parts: str) -> str:
    """Return a UUID of version 5 that follows from some words: the same on every run and machine.

    As `uuid.uuid5` makes it, in less than half the time: a look for changes asks for one a session.
    """
    named = _NAMESPACE.bytes + "\0".join(parts).encode()
    said = hashlib.sha1(named, usedforsecurity=False).hexdigest()
    variant = "89ab"[int(said[16], 16) & 3]
    return f"{said[:8]}-{said[8:12]}-5{said[13:16]}-{variant}{said[17:20]}-{said[20:32]}"


def blob_id(data: bytes) -> BlobId:
    """Name bytes by what they are."""
    return BlobId(hashlib.sha256(data).hexdigest())


def digest(data: bytes) -> Digest:
    """Return the short digest that a stored run of bytes is checked against."""
    return Digest(hashlib.sha256(data).hexdigest()[:16])


def sized_digest(begin: bytes, value: Any) -> tuple[Digest, int]:
    """Return the short digest of `begin` and the one JSON text of `value`, and that text's bytes.

    The same as `digest(begin + canonical_bytes(value))`, for values that come in great numbers. Of
    one that is nested too deep to be written it is that of a text that says so.
    """
    try:
        text = canonical_bytes(value)
    except (RecursionError, TypeError, ValueError):
        text = _TOO_DEEP
    return Digest(hashlib.sha256(begin + text).hexdigest()[:16]), len(text)


def step_key(parts: Iterable[str]) -> StepKey:
    """Name a step by its native ids, so that a copy in another session has the same key."""
    return StepKey(hashlib.sha256("\0".join(parts).encode("utf-8", "replace")).hexdigest()[:16])


def canonical_bytes(value: Any, said: Callable[[Any], Any] | None = None) -> bytes:
    """Return the one JSON text of `value`: sorted keys, no spaces, UTF-8.

    `said`: as of `exact_bytes`. A whole number of more than 64 bits becomes the nearest one with a
    point, as reading makes it.
    """
    try:
        return orjson.dumps(value, said, orjson.OPT_SORT_KEYS | orjson.OPT_PASSTHROUGH_DATACLASS)
    except TypeError:
        plain = orjson.loads(json.dumps(value, default=said))
        return orjson.dumps(plain, option=orjson.OPT_SORT_KEYS)


def plain_bytes(value: Any) -> bytes:
    """Return the JSON text of `value` as it stands: its own order of keys, no spaces, UTF-8.

    Raises ValueError when it holds what no JSON text of ours can say.
    """
    try:
        return orjson.dumps(value)
    except TypeError as error:
        raise ValueError(str(error)) from error


def exact_bytes(value: Any, said: Callable[[Any], Any] | None = None) -> bytes:
    """Return the JSON text of `value` as it stands, also of numbers that few readers take.

    `said` returns what a value that is none of JSON's is said as. None: there is none in it.
    """
    try:
        return orjson.dumps(value, said, orjson.OPT_PASSTHROUGH_DATACLASS)
    except TypeError:
        text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), default=said)
        return text.encode()


def read_json(data: bytes | bytearray) -> Any:
    """Return what JSON text says. Raises ValueError when it is none."""
    return orjson.loads(data)


def read_exact_json(data: bytes) -> Any:
    """Return what JSON text says, whole numbers of any size included. Raises ValueError: none."""
    return json.loads(data) if re.search(_MANY_DIGITS, data) else orjson.loads(data)


def read_foreign_json(data: bytes) -> Any:
    """Return what JSON text says that others wrote.

    Lone surrogates, and bytes that are no UTF-8, are replaced by U+FFFD. Raises ValueError for all
    else that is no JSON: NaN and Infinity, and nesting or numbers that no reader takes.
    """
    try:
        return orjson.loads(data)
    except orjson.JSONDecodeError:
        return _scrubbed(data)


def _scrubbed(data: bytes) -> Any:
    text = data.decode("utf-8", "replace").lstrip("\ufeff")
    try:
        value = json.loads(text, parse_constant=_refuse)
        return orjson.loads(
            re.sub(_LONE_SURROGATE, "\ufffd", json.dumps(value, ensure_ascii=False))
        )
    except RecursionError as error:
        raise ValueError("nested too deep") from error


def _refuse(word: str) -> NoReturn:
    raise ValueError(word)


def content_id(value: Any) -> str:
    """Return the SHA-256, in hex, of the one JSON text of `value`."""
    return hashlib.sha256(canonical_bytes(value)).hexdigest()


def content_hash(wire: dict[str, Any]) -> str:
    """Return the SHA-256, in hex, of a TraceRecord's wire form.

    `content_hash` and `trace_id` are left out, so that equal content has an equal hash.
    """
    rest = {key: value for key, value in wire.items() if key not in ("content_hash", "trace_id")}
    return content_id(rest)


class BlobHash:
    """The id, and the short digest, of bytes that arrive in pieces."""

    def __init__(self) -> None:
        self._sha = hashlib.sha256()

    def update(self, data: bytes | memoryview) -> None:
        """Take the next piece."""
        self._sha.update(data)

    def blob_id(self) -> BlobId:
        """Name everything taken so far."""
        return BlobId(self._sha.hexdigest())

    def digest(self) -> Digest:
        """Return what `digest` says of everything taken so far."""
        return Digest(self._sha.hexdigest()[:16])
