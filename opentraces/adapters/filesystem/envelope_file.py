"""trace.json: an Envelope as bytes.

`{"format":…,"trace_id":…,"commit":…,"header":{…},"files":{…},"digest":…}`, compact. Of the header,
what equals its default is left out. A file is `{"length":…,"members":[…]}`, and each member an
array: first, last, plain, stored, digest, content.
"""

from typing import Any

from pydantic import ValidationError
from pydantic_core import from_json

from opentraces.adapters.filesystem.sealed import sealed, unsealed
from opentraces.domain.envelope import TRACE_FORMAT, Envelope, StoredFile
from opentraces.domain.errors import Corrupt, NewerFormat
from opentraces.domain.ids import canonical_bytes

_MEMBER = ("first", "last", "plain", "stored", "digest", "content")


def encode(envelope: Envelope) -> bytes:
    """Return the file's bytes: the same for equal envelopes."""
    head = canonical_bytes({"format": envelope.format, "trace_id": envelope.trace_id})[:-1]
    files = canonical_bytes({name: _file(kept) for name, kept in envelope.files.items()})
    header = envelope.header.model_dump_json(exclude_defaults=True).encode()
    commit = b',"commit":%d,"header":' % envelope.commit
    return sealed(head + commit + header + b',"files":' + files + b"}")


def decode(stored: bytes, name: str) -> Envelope:
    """Return the envelope. Raises Corrupt, or NewerFormat, naming the file."""
    return _envelope(from_json(unsealed(stored, name)), name)


def _envelope(document: Any, name: str) -> Envelope:
    if document.get("format") != TRACE_FORMAT:
        raise NewerFormat(f"{name} was written by a later release: {document.get('format')}")
    try:
        for kept in document["files"].values():
            kept["members"] = [dict(zip(_MEMBER, row, strict=True)) for row in kept["members"]]
        return Envelope.model_validate(document)
    except (ValidationError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise Corrupt(f"{name} does not say what an envelope says: {error}") from error


def _file(kept: StoredFile) -> dict[str, Any]:
    rows = [
        (member.first, member.last, member.plain, member.stored, member.digest, member.content)
        for member in kept.members
    ]
    return {"length": kept.length, "members": rows}
