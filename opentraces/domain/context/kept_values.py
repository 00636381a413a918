"""What templates of a Context Tree stand for, from its events and the sources it refers to."""

from collections.abc import Callable, Iterable
from typing import Any

from opentraces.domain.context.events import BodyKept, ContextEvent, PartObserved
from opentraces.domain.context.templates import (
    CONCAT,
    HEAD,
    JOIN,
    MARKED,
    TEXT,
    Kept,
    Place,
    Template,
    pointed,
    render,
)
from opentraces.domain.errors import Corrupt
from opentraces.domain.ids import blob_id, plain_bytes, read_json

_LINES = 64

ReadLine = Callable[[int, int, int], bytes]
"""Source, offset and length to the bytes there. May raise Corrupt."""

ReadBlob = Callable[[str], bytes]
"""The id of a blob to its bytes. May raise Corrupt."""


class KeptValues(Kept):
    """Bodies and parts of one tree.

    A body begins as an earlier one did, and that as one before: they are put together from the
    earliest on, so that however many there are, none waits for another.
    """

    def __init__(self, line: ReadLine, blob: ReadBlob, events: Iterable[ContextEvent] = ()) -> None:
        """Look lines and blobs up by these, and the rest in `events`."""
        self._line, self._blob = line, blob
        self._parts: dict[str, Template] = {}
        self._bodies: dict[str, BodyKept] = {}
        self._lines: dict[tuple[int, int, int], Any] = {}
        self._messages: dict[str, list[Any]] = {}
        self._text: tuple[str, str] = ("", "")
        for event in events:
            self.add(event)

    def add(self, event: ContextEvent) -> None:
        """Take one more event; only parts and bodies matter."""
        if isinstance(event, PartObserved):
            self._parts[event.part_id] = event.content
        elif isinstance(event, BodyKept):
            self._bodies[event.name] = event

    def value(self, place: Place) -> Any:
        """See Kept."""
        *where, pointer = place
        source, offset, length = where
        key = (source, offset, length)
        if key not in self._lines:
            if len(self._lines) >= _LINES:
                del self._lines[next(iter(self._lines))]
            self._lines[key] = read_json(self._line(*key))
        return pointed(self._lines[key], pointer)

    def blob(self, blob: str) -> Any:
        """See Kept."""
        return read_json(self._blob(blob))

    def part(self, part: str) -> Any:
        """See Kept."""
        return render(self._parts[part], self)

    def head(self, body: str, count: int) -> list[Any]:
        """See Kept."""
        for kept in self._chain(body, lambda each: each in self._messages, HEAD):
            self._messages[kept.name] = render(_messages(kept.content), self)
        return self._messages[body][:count]

    def text(self, body: str) -> str:
        """See Kept."""
        for kept in self._chain(body, lambda each: each == self._text[0], TEXT):
            self._text = (kept.name, self._put_together(kept).decode(kept.encoding))
        return self._text[1]

    def body(self, name: str) -> bytes:
        """Return the bytes of a body. Raises Corrupt when they are not what was kept."""
        kept = self._kept(name)
        data = self.text(name).encode(kept.encoding) if kept.is_text else self._put_together(kept)
        if blob_id(data) != kept.sha256:
            raise Corrupt(f"body {name} does not come back as the bytes it was")
        return data

    def _put_together(self, kept: BodyKept) -> bytes:
        if kept.is_text:
            return str(render(kept.content, self)).encode(kept.encoding)
        before = _begins_with(kept, HEAD)
        if before is not None:
            self.head(before, 0)
        return plain_bytes(render(kept.content, self))

    def _chain(self, body: str, is_known: Callable[[str], bool], operator: str) -> list[BodyKept]:
        """Return a body and those it needs, the earliest first, from the last known one on."""
        chain: dict[str, BodyKept] = {}
        name: str | None = body
        while name is not None and not is_known(name):
            if name in chain:
                raise Corrupt(f"body {name} begins with itself")
            chain[name] = self._kept(name)
            name = _begins_with(chain[name], operator)
        return [*reversed(chain.values())]

    def _kept(self, name: str) -> BodyKept:
        if name not in self._bodies:
            raise Corrupt(f"there is no body {name}")
        return self._bodies[name]


def _messages(content: Template) -> Template:
    """Return what stands for the messages of a body, before they are marked."""
    said = content["messages"]
    return said[MARKED][0] if isinstance(said, dict) and MARKED in said else said


def _begins_with(kept: BodyKept, operator: str) -> str | None:
    """Return the body that another begins with. None: with none."""
    try:
        parts = kept.content[JOIN] if operator == TEXT else _messages(kept.content)[CONCAT]
        found = (each[operator][0] for each in parts if isinstance(each, dict) and operator in each)
        return next(found, None)
    except (KeyError, TypeError, IndexError):
        return None
