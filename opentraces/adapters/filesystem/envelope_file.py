"""trace.json: an Envelope as bytes.

`{"format":…,"trace_id":…,"commit":…,"header":{…},"files":{…},"digest":…}`, compact. Of the header,
what equals its default is left out. A file is `{"length":…,"members":[…]}`, and each member an
array: first, last, plain, stored, digest, content.
"""

from collections.abc import Iterator
from typing import Any

from opentraces.adapters.filesystem.later import of_later_release
from opentraces.adapters.filesystem.layout import is_written, may_be_named
from opentraces.adapters.filesystem.raw_envelope import check_format, taken_from
from opentraces.adapters.filesystem.sealed import sealed, unsealed
from opentraces.adapters.filesystem.understanding import understood
from opentraces.domain.envelope import Envelope, StoredFile
from opentraces.domain.frozen import told
from opentraces.domain.ids import canonical_bytes, exact_bytes, read_exact_json

_MEMBER = ("first", "last", "plain", "stored", "digest", "content")


def encode(envelope: Envelope) -> bytes:
    """Return the file's bytes: the same for equal envelopes."""
    head = canonical_bytes({"format": envelope.format, "trace_id": envelope.trace_id})[:-1]
    files = canonical_bytes({name: _file(kept) for name, kept in envelope.files.items()})
    header = exact_bytes(envelope.header.told(), told)
    commit = b',"commit":%d,"header":' % envelope.commit
    return sealed(head + commit + header + b',"files":' + files + b"}")


def decode(stored: bytes, name: str) -> Envelope:
    """Return the envelope, to be read from: what is not known of it is left out.

    Raises Corrupt, or NewerFormat, naming the file.
    """
    return _decoded(stored, name)[0]


def decode_to_change(stored: bytes, name: str) -> Envelope:
    """Return the envelope of a trace that is to be changed.

    Raises Corrupt, or NewerFormat: also where the trace holds something that is not known, which
    would be lost, or not be true any more.
    """
    envelope, unknown = _decoded(stored, name)
    unknown += tuple(f"files.{file}" for file in envelope.files if not is_written(file))
    if unknown:
        raise of_later_release(name, ", ".join(unknown[:3]))
    return envelope


def _decoded(stored: bytes, name: str) -> tuple[Envelope, tuple[str, ...]]:
    with taken_from(name):
        document = read_exact_json(unsealed(stored, name))
        check_format(document, name)
        longer = tuple(_named_members(document["files"]))
    envelope, unknown = understood(Envelope, document, name)
    return envelope, longer + unknown


def _named_members(files: dict[str, Any]) -> Iterator[str]:
    """Give the values of members their names; yields what stands in longer ones."""
    for file, kept in files.items():
        if not may_be_named(file):
            raise ValueError(file)
        if any(len(row) > len(_MEMBER) for row in kept["members"]):
            yield f"files.{file}.members"
        kept["members"] = [
            dict(zip(_MEMBER, row[: len(_MEMBER)], strict=True)) for row in kept["members"]
        ]


def _file(kept: StoredFile) -> dict[str, Any]:
    rows = [
        (member.first, member.last, member.plain, member.stored, member.digest, member.content)
        for member in kept.members
    ]
    return {"length": kept.length, "members": rows}
