"""Bodies and parts of a Context Tree, put together from its events."""

from collections.abc import Callable, Iterable
from typing import Any, Protocol

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
    render,
)
from opentraces.domain.errors import Corrupt
from opentraces.domain.ids import blob_id, plain_bytes


class KeptElsewhere(Protocol):
    """What templates refer to that is no event. Any method may raise Corrupt."""

    def value(self, place: Place) -> Any:
        """See Kept."""

    def blob(self, blob: str) -> Any:
        """See Kept."""


class KeptBodies(Kept):
    """Bodies and parts of one tree, and through `elsewhere` the rest.

    A body begins as an earlier one did, and that as one before: they are put together from the
    earliest on, so that however many there are, none waits for another.
    """

    def __init__(self, elsewhere: KeptElsewhere, events: Iterable[ContextEvent] = ()) -> None:
        self._elsewhere = elsewhere
        self._parts: dict[str, Template] = {}
        self._bodies: dict[str, BodyKept] = {}
        self._messages: dict[str, list[Any]] = {}
        self._text: tuple[str, str] = ("", "")
        for event in events:
            self.add(event)

    def __contains__(self, name: object) -> bool:
        """Whether a body of this name is kept."""
        return name in self._bodies

    def add(self, event: ContextEvent) -> None:
        """Take one more event; only parts and bodies matter."""
        if isinstance(event, PartObserved):
            self._parts[event.part_id] = event.content
        elif isinstance(event, BodyKept):
            self._bodies[event.name] = event

    def value(self, place: Place) -> Any:
        """See Kept."""
        return self._elsewhere.value(place)

    def blob(self, blob: str) -> Any:
        """See Kept."""
        return self._elsewhere.blob(blob)

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
