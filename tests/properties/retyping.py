"""Every kind of value that the lines of a format hold, each once in another type."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Any

import orjson

from tests.contracts.trace_parser import Source

Path = tuple[str | int, ...]

OTHERS: tuple[Any, ...] = ([], {}, None, 7, "x", True, [[]], {"x": []})
"""What stands in a value's place: no two are taken alike by code that expects a string."""

_BEFORE, _AFTER = 12, 4
_KINDS = ("type", "role", "subtype", "table", "from", "name", "payload", "message", "row", "item")


def retypings(sources: Sequence[Source]) -> Iterator[Source]:
    """Yield a few lines of a source for each place a value can stand in, and each other value."""
    seen: set[tuple[object, ...]] = set()
    for source in sources:
        lines = source.data.splitlines(keepends=True)
        for at, raw in enumerate(lines):
            for path in _unseen(_read(raw), seen):
                yield from (
                    replace(source, data=_near(lines, at, _changed(raw, path, other)))
                    for other in OTHERS
                )


def _read(raw: bytes) -> Any:
    try:
        return orjson.loads(raw)
    except orjson.JSONDecodeError:
        return None


def _unseen(line: Any, seen: set[tuple[object, ...]]) -> Iterator[Path]:
    kind = tuple(_kind(line))
    for path in _paths(line):
        place = (kind, tuple(step if isinstance(step, str) else 0 for step in path))
        if place not in seen:
            seen.add(place)
            yield path


def _kind(line: Any) -> Iterable[object]:
    if isinstance(line, dict):
        for key in _KINDS:
            value = line.get(key)
            if isinstance(value, dict):
                yield from _kind(value)
            else:
                yield value if isinstance(value, str) else None


def _paths(node: Any, path: Path = ()) -> Iterator[Path]:
    steps: Iterable[str | int] = ()
    if isinstance(node, dict):
        steps = list(node)
    elif isinstance(node, list):
        steps = range(len(node))
    for step in steps:
        yield (*path, step)
        yield from _paths(node[step], (*path, step))


def _changed(raw: bytes, path: Path, other: Any) -> bytes:
    line = orjson.loads(raw)
    node = line
    for step in path[:-1]:
        node = node[step]
    node[path[-1]] = other
    return orjson.dumps(line) + b"\n"


def _near(lines: list[bytes], at: int, changed: bytes) -> bytes:
    """Return the first line, those around the changed one, and it."""
    before = lines[max(at - _BEFORE, 0) : at]
    first = lines[:1] if at > _BEFORE else []
    return b"".join([*first, *before, changed, *lines[at + 1 : at + 1 + _AFTER]])
