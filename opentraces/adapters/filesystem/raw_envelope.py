"""An envelope as plain JSON values: for commands that must start at once."""

from typing import Any

from opentraces.adapters.filesystem.kept_files import envelope_bytes, envelope_name
from opentraces.adapters.filesystem.later import of_later_release
from opentraces.adapters.filesystem.sealed import unsealed
from opentraces.adapters.filesystem.tree import Tree
from opentraces.domain.errors import Corrupt
from opentraces.domain.ids import TraceId, read_json

_FAMILY = "opentraces.trace/"
_FORMAT = f"{_FAMILY}1"


def read_envelope(bucket: Tree, trace: TraceId) -> dict[str, Any]:
    """Return what trace.json says. Raises TraceNotFound, Corrupt, NewerFormat."""
    name = envelope_name(trace)
    said: dict[str, Any] = read_json(unsealed(envelope_bytes(bucket, trace), name))
    check_format(said, name)
    return said


def check_format(said: dict[str, Any], name: str) -> None:
    """Look whether this release knows an envelope's format. Raises Corrupt, NewerFormat."""
    kind = said.get("format")
    if kind == _FORMAT:
        return
    if str(kind).startswith(_FAMILY):
        raise of_later_release(name, kind)
    raise Corrupt(f"{name} is no trace's: {kind}")
