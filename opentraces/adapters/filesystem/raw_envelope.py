"""An envelope as plain JSON values: for commands that must start at once."""

from typing import Any

from opentraces.adapters.filesystem.kept_files import envelope_bytes, envelope_name
from opentraces.adapters.filesystem.sealed import unsealed
from opentraces.adapters.filesystem.tree import Tree
from opentraces.domain.errors import NewerFormat
from opentraces.domain.ids import TraceId, read_json

_FORMAT = "opentraces.trace/1"


def read_envelope(bucket: Tree, trace: TraceId) -> dict[str, Any]:
    """Return what trace.json says. Raises TraceNotFound, Corrupt, NewerFormat."""
    name = envelope_name(trace)
    said: dict[str, Any] = read_json(unsealed(envelope_bytes(bucket, trace), name))
    if said["format"] != _FORMAT:
        raise NewerFormat(f"{name} was written by a later release: {said['format']}")
    return said
