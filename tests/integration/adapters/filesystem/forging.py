"""A bucket as somebody else may have written it: whole by all its digests, and untrue."""

import json
from collections.abc import Callable, Iterator
from copy import deepcopy
from pathlib import Path
from typing import Any

from opentraces.adapters.filesystem.sealed import document, sealed
from opentraces.domain.ids import TraceId, digest
from tests.integration.adapters.filesystem.test_format import folder_of

Json = Any
Path_ = tuple[str | int, ...]

ODD: tuple[Json, ...] = (
    *(None, True, -1, 0, 2**31, 2**62, 10**30, 1.5, "", "x", "../../x", "\x1b[2J"),
    *([], {}, [[1]], {"a": 1}),
)
"""Values that may stand where another was expected."""


class Forged:
    """One trace in the hands of somebody else."""

    def __init__(self, bucket: Path, trace: TraceId) -> None:
        self.folder = folder_of(bucket, trace)
        self._envelope = self.folder / "trace.json"

    def said(self) -> dict[str, Any]:
        """What the envelope says."""
        return document(self._envelope.read_bytes(), "trace.json")

    def say(self, said: Json) -> None:
        """Let the envelope say it."""
        self.seal(json.dumps(said, separators=(",", ":")).encode())

    def seal(self, text: bytes) -> None:
        """Let the envelope hold any text, with the digest of it."""
        self._envelope.write_bytes(sealed(text))

    def change(self, change: Callable[[dict[str, Any]], None]) -> None:
        """Let the envelope say something else."""
        said = self.said()
        change(said)
        self.say(said)

    def put(self, file: str, data: bytes, **row: Json) -> None:
        """Put other bytes into a companion, as one run; `row`: what is said of it, if not so."""
        (self.folder / file).write_bytes(data)
        told = {"first": 1, "last": 1, "plain": 0, "stored": len(data), "content": ""} | row
        names = ("first", "last", "plain", "stored")
        member = [*(told[name] for name in names), digest(data), told["content"]]
        self.change(
            lambda said: said["files"].update(
                {file: {"length": told["stored"], "members": [member]}}
            )
        )


def places(value: Json, path: Path_ = ()) -> Iterator[Path_]:
    """Yield the place of every value inside of one, from the outside in."""
    inside: dict[str | int, Json] = {}
    if isinstance(value, dict):
        inside = dict(value.items())
    elif isinstance(value, list):
        inside = dict(enumerate(value))
    for key, each in inside.items():
        yield (*path, key)
        yield from places(each, (*path, key))


def replaced(value: Json, path: Path_, other: Json) -> Json:
    """Return it with something else in one place."""
    copy = deepcopy(value)
    node = copy
    for key in path[:-1]:
        node = node[key]
    node[path[-1]] = other
    return copy
