"""How a value of a body is written down: by where it is kept already, or else for all to refer to.

What the session's own lines hold is referred to there, if its JSON is the same to the byte. Of the
rest, what is large is a blob that sessions share, what is small stands where it is, and what lies
between is a part that bodies of one session share.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from opentraces.domain.context.blocks import Block, block_id
from opentraces.domain.context.events import PartObserved
from opentraces.domain.context.templates import (
    BLOB,
    FROM,
    OPERATORS,
    PART,
    Kept,
    Template,
    literal,
    render,
)
from opentraces.domain.errors import Corrupt
from opentraces.domain.ids import BlobId, Digest, digest, plain_bytes

PART_FROM = 160
"""Bytes from which on a value is worth a name."""

BLOB_FROM = 4096
"""Bytes from which on a value is worth a file."""

MEMBER_FROM = 1024
"""The same for a member of a list whose other members differ from session to session."""

_REFERENCE = 48
"""Bytes from which on a member of a block is longer than the words that say where it stands."""

PutBlob = Callable[[bytes], str]
"""Keep bytes and return the SHA-256 that names them."""


class KnownValues:
    """What is kept already, as far as bodies may refer to it."""

    def __init__(self, kept: Kept, put_blob: PutBlob) -> None:
        """Read what templates stand for in `kept`; new blobs go to `put_blob`."""
        self._kept, self._put_blob = kept, put_blob
        self._told: dict[Digest, Template] = {}
        self._parts: set[Digest] = set()
        self._blobs: set[str] = set()
        self._new: list[PartObserved] = []

    def learn(self, blocks: Iterable[Block]) -> None:
        """Know blocks that the session's own lines hold; `content` names their source."""
        for block in blocks:
            self._told.setdefault(block.id, block.content)

    def learn_part(self, part: Digest) -> None:
        """Know a part that was written down before."""
        self._parts.add(part)

    def told(self, block: Digest) -> Template | None:
        """Return what stands for a block of the session's own lines. None: none is known."""
        return self._told.get(block)

    def take(self) -> list[PartObserved]:
        """Return the parts that are new since this was last called."""
        new, self._new = self._new, []
        return new

    def blobs(self) -> list[BlobId]:
        """Return the blobs that were put or referred to since this was last called."""
        blobs, self._blobs = self._blobs, set()
        return [BlobId(each) for each in sorted(blobs)]

    def block(self, role: str, value: Any) -> Template:
        """Return what stands for a block of a message, exactly."""
        told = self._told.get(block_id(role, value))
        if told is not None:
            try:
                fitted = _fitted(value, told, render(told, self._kept))
            except (Corrupt, KeyError, TypeError):
                fitted = None
            if fitted is not None:
                return fitted
        return self.shared(value)

    def shared(self, value: Any) -> Template:
        """Return what stands for a value, exactly; as little as can be where it is known."""
        text = plain_bytes(value)
        if len(text) < PART_FROM:
            return literal(value)
        if len(text) >= BLOB_FROM:
            return self.blob(text)
        return self._part(text, literal(value))

    def each_shared(self, value: Any) -> Template:
        """Return what stands for a list whose members may each be worth a file."""
        if not isinstance(value, list):
            return self.shared(value)
        texts = [plain_bytes(each) for each in value]
        if not any(len(text) >= MEMBER_FROM for text in texts):
            return self.shared(value)
        members = [
            self.blob(text) if len(text) >= MEMBER_FROM else literal(each)
            for text, each in zip(texts, value, strict=True)
        ]
        return self._part(plain_bytes(value), members)

    def blob(self, text: bytes) -> Template:
        """Return what stands for a JSON text that is a file of its own."""
        blob = self._put_blob(text)
        self._blobs.add(blob)
        return {BLOB: blob}

    def _part(self, text: bytes, content: Template) -> Template:
        part = digest(text)
        if part not in self._parts:
            self._parts.add(part)
            self._new.append(PartObserved(part_id=part, content=content))
        return {PART: part}


def _fitted(value: Any, told: Template, known: Any) -> Template | None:
    """Return what stands for `value` by what stands for `known`. None: they share too little."""
    if _is_same(value, known):
        return told
    if isinstance(known, str):
        known, told = {"text": known}, {"text": told}
    if not isinstance(known, Mapping):
        return None
    if isinstance(value, str):
        return _member("text", told) if known.get("text") == value else None
    if not isinstance(value, Mapping):
        return None
    fitted = {
        key: _member(key, told) if key in known and _is_worth(each, known[key]) else literal(each)
        for key, each in value.items()
    }
    return fitted if OPERATORS.isdisjoint(value) and any(map(_refers, fitted.values())) else None


def _is_worth(value: Any, known: Any) -> bool:
    """Whether the two are the same, and longer than the words that would say where."""
    return len(plain_bytes(value)) >= _REFERENCE and _is_same(value, known)


def _member(key: str, told: Template) -> Template:
    if FROM not in told:
        return told[key]
    source, offset, length, pointer = told[FROM]
    return {FROM: [source, offset, length, f"{pointer}/{key}"]}


def _refers(template: Template) -> bool:
    return isinstance(template, dict) and not OPERATORS.isdisjoint(template)


def _is_same(one: Any, other: Any) -> bool:
    return bool(plain_bytes(one) == plain_bytes(other))
