"""What fills the window of the model: by what it is, in bytes and estimated tokens."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any, Literal

from opentraces.domain.context.blocks import Block
from opentraces.domain.context.saying import Saying, said_in
from opentraces.domain.slotted import frozen_dataclass

PartKind = Literal[
    "system", "tools", "file", "output", "call", "assistant", "thinking", "user", "unknown"
]
"""The system prompt, and what the agent's program says as such; the tools as the model is told of
them; a file that a tool read; what another tool gave back; calls of tools; what the model said;
what it thought; what the user's side said; what is sent and not known."""

BYTES_A_TOKEN = 4
"""About how many bytes are one token."""

FILE_TOOLS = frozenset(("Read", "NotebookRead", "read", "read_file", "view_image", "View", "view"))
"""Tools that give back a file."""

_PATHS = ("file_path", "notebook_path", "path", "filePath")
_TOLD = frozenset(("system", "developer"))
_UNTOLD = "?"


@frozen_dataclass
class Part:
    """One kind of thing in the window."""

    kind: PartKind
    """Which."""

    name: str | None
    """The file's path or the tool's name; `?`: its call is not there any more. None: no name."""

    blocks: int
    """How many blocks."""

    bytes: int
    """Of their normal form as JSON; of what is not known 0."""

    tokens: int | None = None
    """Estimated. None: nothing tells how many there are."""


def file_of(said: Saying) -> str | None:
    """Return the file that a call reads. None: it reads none."""
    if said.tool not in FILE_TOOLS:
        return None
    return next((p for key in _PATHS if isinstance(p := said.input.get(key), str)), None)


def filling(blocks: Iterable[tuple[Block, Any]], layers: Mapping[PartKind, int]) -> list[Part]:
    """Return what the window holds, the largest first; `layers`: their bytes."""
    calls: dict[str, Saying] = {}
    found: dict[tuple[PartKind, str | None], Part] = {}
    sizes: list[tuple[PartKind, str | None, int]] = [(k, None, n) for k, n in layers.items()]
    for block, value in blocks:
        said = said_in(value)
        if said.kind == "call" and said.call is not None:
            calls[said.call] = said
        kind, name = _kind(block.role, said, calls)
        sizes.append((kind, name, block.size))
    for kind, name, size in sizes:
        known = found.get((kind, name), Part(kind, name, 0, 0))
        found[kind, name] = replace(known, blocks=known.blocks + 1, bytes=known.bytes + size)
    return sorted(found.values(), key=lambda part: (-part.bytes, part.kind, part.name or ""))


def _kind(role: str, said: Saying, calls: Mapping[str, Saying]) -> tuple[PartKind, str | None]:
    if said.kind == "output":
        made = calls.get(said.call or "")
        path = file_of(made) if made is not None else None
        if path is not None:
            return "file", path
        return "output", made.tool if made is not None else _UNTOLD
    if said.kind in ("call", "thinking"):
        return ("call" if said.kind == "call" else "thinking"), None
    if role in _TOLD:
        return "system", None
    return ("assistant" if role == "assistant" else "user"), None


def estimated(parts: Sequence[Part], tokens: int | None, *, is_whole: bool) -> tuple[Part, ...]:
    """Return parts with their tokens, whose sum is what the provider counted.

    `is_whole`: whether all that was sent is among them. If not, a token is about four bytes, and
    what is left over is that of which nothing is known. `tokens` None: nobody counted.
    """
    if tokens is None:
        return tuple(parts)
    guess = sum(part.bytes for part in parts) // BYTES_A_TOKEN
    known = tokens if is_whole else min(guess, tokens)
    shares = apportioned([part.bytes for part in parts], known)
    said = [replace(part, tokens=share) for part, share in zip(parts, shares, strict=True)]
    rest = tokens - sum(shares)
    return tuple(said) if is_whole else (*said, Part("unknown", None, 0, 0, rest))


def apportioned(sizes: Sequence[int], total: int) -> list[int]:
    """Share a total out by size: whole numbers whose sum it is; without sizes, nothing."""
    weight = sum(sizes)
    if not weight:
        return [0] * len(sizes)
    shares = [size * total // weight for size in sizes]
    by_rest = sorted(range(len(sizes)), key=lambda at: (-(sizes[at] * total % weight), at))
    for at in by_rest[: total - sum(shares)]:
        shares[at] += 1
    return shares
