"""Values that templates refer to, out of what is kept of a trace."""

from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import Any

from opentraces.application.kept_lines import KeptLines
from opentraces.domain.context.kept_bodies import KeptBodies
from opentraces.domain.context.templates import (
    BLOB,
    FROM,
    HEAD,
    LITERAL,
    PART,
    Kept,
    Place,
    Template,
    pointed,
    render,
)
from opentraces.domain.context.tree import ContextTree
from opentraces.domain.envelope import Envelope
from opentraces.domain.errors import BytesReleased, Corrupt
from opentraces.domain.ids import BlobId, Digest, read_json
from opentraces.ports.blobs import BlobStore
from opentraces.ports.traces import TraceStore

_MISSING = object()


class KeptValues(Kept):
    """See Kept. Each source is read once from front to back, for templates that are told of."""

    def __init__(
        self, traces: TraceStore, blobs: BlobStore, envelope: Envelope, tree: ContextTree
    ) -> None:
        self._traces = traces
        self._blobs = blobs
        self._envelope = envelope
        self._tree = tree
        self._values: dict[Place, Any] = {}
        self._held: dict[str, Any] = {}
        self._bodies = KeptBodies(self, (*tree.parts.values(), *tree.bodies.values()))

    def render(self, templates: Iterable[Template]) -> list[Any]:
        """Return what templates stand for. Raises Corrupt, StorageUnavailable."""
        wanted = list(templates)
        self._look_up(place for template in wanted for place in self._places(template, set()))
        return [render(template, self) for template in wanted]

    def value(self, place: Place) -> Any:
        """See Kept."""
        if place not in self._values:
            self._look_up([place])
        found = self._values[place]
        if found is _MISSING:
            self._refuse_released(place[0])
            raise Corrupt(f"{self._envelope.trace_id}: nothing stands at {place}")
        return found

    def _refuse_released(self, source: int) -> None:
        sources = self._envelope.header.sources
        if source < len(sources) and sources[source].released is not None:
            raise BytesReleased(
                f"{self._envelope.trace_id}: {sources[source].name} was let go by "
                "retention.keep_raw_days, and with it what the model saw"
            )

    def blob(self, blob: str) -> Any:
        """See Kept."""
        if blob not in self._held:
            try:
                self._held[blob] = read_json(b"".join(self._blobs.get(BlobId(blob))))
            except ValueError as error:
                raise Corrupt(f"blob {blob} is no JSON") from error
        return self._held[blob]

    def part(self, part: str) -> Any:
        """See Kept."""
        if part not in self._held:
            self._held[part] = self._bodies.part(part)
        return self._held[part]

    def head(self, body: str, count: int) -> list[Any]:
        """See Kept."""
        return self._bodies.head(body, count)

    def text(self, body: str) -> str:
        """See Kept."""
        return self._bodies.text(body)

    def _look_up(self, places: Iterable[Place]) -> None:
        """Read the values at places, in the order in which they are kept."""
        new = sorted({place for place in places if place not in self._values})
        for source, group in groupby(new, key=lambda place: place[0]):
            lines = KeptLines(self._traces, self._envelope, source)
            for (offset, length), same in groupby(group, key=lambda place: place[1:3]):
                line = self._parsed(lines, source, offset, length)
                self._values |= {place: _pointed(line, place[3]) for place in same}

    def _parsed(self, lines: KeptLines, source: int, offset: int, length: int) -> Any:
        if source >= len(self._envelope.header.sources):
            return _MISSING
        try:
            return read_json(lines.line(offset, length))
        except ValueError:
            return _MISSING

    def _places(self, template: Template, known: set[str]) -> Iterator[Place]:
        """Yield the places that a template needs, those of parts and bodies included."""
        waiting = [template]
        while waiting:
            each = waiting.pop()
            if isinstance(each, list):
                waiting += each
            elif isinstance(each, dict) and FROM in each:
                source, offset, length, pointer = each[FROM]
                yield source, offset, length, pointer
            elif isinstance(each, dict) and LITERAL not in each and BLOB not in each:
                waiting += self._needed(each, known)

    def _needed(self, template: dict[str, Any], known: set[str]) -> Iterable[Template]:
        """Return the templates that one needs which is no place itself."""
        if PART not in template and HEAD not in template:
            return template.values()
        name = template[PART] if PART in template else template[HEAD][0]
        if name in known:
            return ()
        known.add(name)
        return (self._content(name, is_part=PART in template),)

    def _content(self, name: str, *, is_part: bool) -> Template:
        if is_part:
            part = self._tree.parts.get(Digest(name))
            return part.content if part else None
        body = self._tree.bodies.get(name)
        return body.content.get("messages") if body and isinstance(body.content, dict) else None


def _pointed(line: Any, pointer: str) -> Any:
    if line is _MISSING:
        return _MISSING
    try:
        return pointed(line, pointer)
    except (LookupError, TypeError, ValueError):
        return _MISSING
