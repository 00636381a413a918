"""Texts that stand inside the kept lines of a trace, such as the content of a file."""

import re
from collections.abc import Iterable, Mapping
from itertools import groupby

from opentraces.application.kept_lines import KeptLines
from opentraces.domain.envelope import Envelope
from opentraces.domain.ids import read_json
from opentraces.domain.slotted import frozen_dataclass
from opentraces.domain.trail.file_change import TextPlace
from opentraces.ports.traces import TraceStore

_NUMBER = re.compile(r"[0-9]{1,9}")


@frozen_dataclass
class KeptTexts:
    """Reads texts out of kept sources: each source once, from front to back."""

    traces: TraceStore

    def read(self, envelope: Envelope, places: Iterable[TextPlace]) -> Mapping[TextPlace, bytes]:
        """Return the texts of places; what is not there, or is no text, is missing.

        Raises Corrupt, StorageUnavailable.
        """
        ordered = sorted(set(places), key=lambda each: (each.source, each.offset))
        found: dict[TextPlace, bytes] = {}
        for source, group in groupby(ordered, key=lambda each: each.source):
            if source < len(envelope.header.sources):
                lines = KeptLines(self.traces, envelope, source)
                for (offset, length), same in groupby(group, key=lambda e: (e.offset, e.length)):
                    value = _parsed(lines.line(offset, length))
                    found |= _texts(value, same)
        return found


def _parsed(line: bytes) -> object:
    try:
        value: object = read_json(line)
    except ValueError:
        return None
    return value


def _texts(value: object, places: Iterable[TextPlace]) -> dict[TextPlace, bytes]:
    said = ((place, text_at(value, place.pointer)) for place in places)
    return {place: text.encode("utf-8", "replace") for place, text in said if text is not None}


def text_at(value: object, pointer: str) -> str | None:
    """Return the string at a JSON pointer. None: there is none."""
    for part in pointer.split("/")[1:]:
        key = part.replace("~1", "/").replace("~0", "~")
        if isinstance(value, dict):
            value = value.get(key)
        elif isinstance(value, list) and _NUMBER.fullmatch(key) and int(key) < len(value):
            value = value[int(key)]
        else:
            return None
    return value if isinstance(value, str) else None
