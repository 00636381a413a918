"""Stored files as a later release would have written them."""

import gzip
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from opentraces.adapters.filesystem.sealed import sealed
from opentraces.domain.ids import digest

Change = Callable[[dict[str, Any]], object]


def rewrite(file: Path, change: Change) -> None:
    """Change what a sealed document says, and seal it again."""
    said = json.loads(file.read_bytes())
    del said["digest"]
    change(said)
    file.write_bytes(sealed(_compact(said)))


def rewrite_steps(folder: Path, change: Change) -> None:
    """Change what each line of a trace's steps says; they become one member."""
    file = folder / "steps.jsonl.gz"
    lines = [json.loads(line) for line in gzip.decompress(file.read_bytes()).splitlines()]
    for line in lines:
        change(line)
    add_file(folder, file.name, b"".join(_compact(line) + b"\n" for line in lines))


def rewrite_trail(folder: Path, change: Change) -> None:
    """Change what each line of a trace's trail says; they become one member."""
    file = folder / "trail.jsonl.gz"
    lines = [json.loads(line) for line in gzip.decompress(file.read_bytes()).splitlines()]
    for line in lines:
        change(line)
    add_file(folder, file.name, b"".join(_compact(line) + b"\n" for line in lines))


def add_file(folder: Path, name: str, plain: bytes) -> None:
    """Add a companion to a trace, or put it in the place of one: bytes, or steps from 1 on."""
    stored = gzip.compress(plain) if name.endswith(".gz") else plain
    (folder / name).write_bytes(stored)
    last = plain.count(b'"step_index"')
    row = [min(last, 1), last, len(plain), len(stored), digest(stored), digest(plain)]
    listed = {"length": len(stored), "members": [row]}
    rewrite(folder / "trace.json", lambda said: said["files"].update({name: listed}))


def make_bucket_later(bucket: Path) -> None:
    """Say that a bucket is of format 2."""
    rewrite(bucket / "bucket.json", lambda said: said.update(format="opentraces.bucket/2"))


def make_trace_later(folder: Path) -> None:
    """Say that a trace is of format 2, and say the rest in another way."""

    def change(said: dict[str, Any]) -> None:
        said["format"] = "opentraces.trace/2"
        said["about"] = said.pop("header")

    rewrite(folder / "trace.json", change)


def _compact(said: dict[str, Any]) -> bytes:
    return json.dumps(said, separators=(",", ":")).encode()
