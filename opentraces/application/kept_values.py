"""Values that templates refer to, out of what is kept of a trace."""

from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import Any

from opentraces.application.kept_lines import KeptLines
from opentraces.domain.context.kept_bodies import KeptBodies, KeptElsewhere
from opentraces.domain.context.templates import (
    BLOB,
    FROM,
    HEAD,
    LITERAL,
    PART,
    TEXT,
    Place,
    Template,
    pointed,
    render,
)
from opentraces.domain.context.tree import ContextTree
from opentraces.domain.envelope import Envelope
from opentraces.domain.errors import BytesReleased, Corrupt
from opentraces.domain.ids import BlobId, Digest, read_foreign_json, read_json
from opentraces.ports.blobs import BlobStore
from opentraces.ports.traces import TraceStore

_MISSING = object()


class KeptPlaces(KeptElsewhere):
    """See KeptElsewhere. What is looked up together is read once, from front to back."""

    def __init__(self, traces: TraceStore, blobs: BlobStore, envelope: Envelope) -> None:
        self._traces = traces
        self._blobs = blobs
        self._envelope = envelope
        self._values: dict[Place, Any] = {}
        self._read: dict[str, Any] = {}

    def value(self, place: Place) -> Any:
        """See KeptElsewhere. Raises BytesReleased where the bytes were let go."""
        if place not in self._values:
            self.look_up([place])
        found = self._values[place]
        if found is _MISSING:
            self._refuse_released(place[0])
            raise Corrupt(f"{self._envelope.trace_id}: nothing stands at {place}")
        return found

    def blob(self, blob: str) -> Any:
        """See KeptElsewhere."""
        if blob not in self._read:
            try:
                self._read[blob] = read_json(b"".join(self._blobs.get(BlobId(blob))))
            except ValueError as error:
                raise Corrupt(f"blob {blob} is no JSON") from error
        return self._read[blob]

    def look_up(self, places: Iterable[Place]) -> None:
        """Read the values at places, in the order in which they are kept."""
        new = sorted({place for place in places if place not in self._values})
        for source, group in groupby(new, key=lambda place: place[0]):
            lines = KeptLines(self._traces, self._envelope, source)
            for (offset, length), same in groupby(group, key=lambda place: place[1:3]):
                line = self._parsed(lines, source, offset, length)
                self._values |= {place: _pointed(line, place[3]) for place in same}

    def _refuse_released(self, source: int) -> None:
        sources = self._envelope.header.sources
        if source < len(sources) and sources[source].released is not None:
            raise BytesReleased(
                f"{self._envelope.trace_id}: {sources[source].name} was let go by "
                "retention.keep_raw_days, and with it what the model saw"
            )

    def _parsed(self, lines: KeptLines, source: int, offset: int, length: int) -> Any:
        if source >= len(self._envelope.header.sources):
            return _MISSING
        try:
            return read_foreign_json(lines.line(offset, length))
        except ValueError:
            return _MISSING


class KeptValues:
    """What the templates of one tree stand for."""

    def __init__(
        self, traces: TraceStore, blobs: BlobStore, envelope: Envelope, tree: ContextTree
    ) -> None:
        self._tree = tree
        self._places = KeptPlaces(traces, blobs, envelope)
        self._bodies = KeptBodies(self._places, (*tree.parts.values(), *tree.bodies.values()))

    def render(self, templates: Iterable[Template]) -> list[Any]:
        """Return what templates stand for. Raises Corrupt, StorageUnavailable."""
        wanted = list(templates)
        self._places.look_up(_places(wanted, self._tree))
        return [render(template, self._bodies) for template in wanted]

    def body(self, name: str) -> bytes:
        """Return the bytes of a kept body. Raises Corrupt, StorageUnavailable."""
        self._places.look_up(_places([self._tree.bodies[name].content], self._tree))
        return self._bodies.body(name)


def lines_of(template: Template, tree: ContextTree) -> set[tuple[int, int, int]]:
    """Return the lines that a template needs: source, offset and length of each."""
    return {place[:3] for place in _places([template], tree)}


def _places(templates: list[Template], tree: ContextTree) -> Iterator[Place]:
    """Yield the places that templates need, those of parts and bodies included."""
    waiting, known = list(templates), set[str]()
    while waiting:
        template = waiting.pop()
        if isinstance(template, list):
            waiting += template
        elif isinstance(template, dict) and LITERAL not in template and BLOB not in template:
            if FROM in template:
                source, offset, length, pointer = template[FROM]
                yield source, offset, length, pointer
            elif (inner := _named(template)) is None:
                waiting += template.values()
            elif inner not in known:
                known.add(inner)
                waiting.append(_content(inner, tree))


def _named(template: dict[str, Any]) -> str | None:
    """Return the part or body that a template refers to. None: to none."""
    if PART in template:
        return str(template[PART])
    operator = next((each for each in (HEAD, TEXT) if each in template), None)
    return str(template[operator][0]) if operator else None


def _content(name: str, tree: ContextTree) -> Template:
    part = tree.parts.get(Digest(name))
    if part is not None:
        return part.content
    body = tree.bodies.get(name)
    return body.content if body else None


def _pointed(line: Any, pointer: str) -> Any:
    if line is _MISSING:
        return _MISSING
    try:
        return pointed(line, pointer)
    except (LookupError, TypeError, ValueError):
        return _MISSING
