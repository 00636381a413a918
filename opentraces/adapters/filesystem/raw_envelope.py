"""An envelope as plain JSON values: for commands that must start at once."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from opentraces.adapters.filesystem.kept_files import envelope_bytes, envelope_name
from opentraces.adapters.filesystem.later import of_later_release
from opentraces.adapters.filesystem.sealed import document
from opentraces.adapters.filesystem.tree import Tree
from opentraces.domain.errors import Corrupt
from opentraces.domain.ids import TraceId
from opentraces.domain.limits import LARGEST_COUNT

_FAMILY = "opentraces.trace/"
_FORMAT = f"{_FAMILY}1"


def read_envelope(bucket: Tree, trace: TraceId) -> dict[str, Any]:
    """Return what trace.json says. Raises TraceNotFound, Corrupt, NewerFormat."""
    name = envelope_name(trace)
    said = document(envelope_bytes(bucket, trace), name)
    check_format(said, name)
    if said.get("trace_id") != trace:
        raise Corrupt(f"{name} is another trace's")
    return said


@contextmanager
def taken_from(name: str) -> Iterator[None]:
    """Say that a file is damaged where what is taken from it is not there, or of another type."""
    try:
        yield
    except (LookupError, TypeError, ValueError, AttributeError, RecursionError) as error:
        raise Corrupt(f"{name} does not say what it should: {error!r:.200}") from error


def text_or_none(value: Any) -> str | None:
    """Return what is a text, or None. Raises TypeError."""
    if value is None or isinstance(value, str):
        return value
    raise TypeError("no text")


def text(value: Any) -> str:
    """Return what is a text. Raises TypeError."""
    if isinstance(value, str):
        return value
    raise TypeError("no text")


def count(value: Any) -> int:
    """Return what is a number of something. Raises TypeError."""
    if type(value) is int and 0 <= value <= LARGEST_COUNT:
        return value
    raise TypeError("no number")


def check_format(said: dict[str, Any], name: str) -> None:
    """Look whether this release knows an envelope's format. Raises Corrupt, NewerFormat."""
    kind = said.get("format")
    if kind == _FORMAT:
        return
    if str(kind).startswith(_FAMILY):
        raise of_later_release(name, kind)
    raise Corrupt(f"{name} is no trace's: {kind}")
