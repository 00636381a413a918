"""JSON documents whose last member is the digest of the bytes before it."""

from typing import Any

from opentraces.domain.errors import Corrupt
from opentraces.domain.ids import digest, read_json

_LENGTH = len(b',"digest":"0123456789abcdef"}\n')


def sealed(document: bytes) -> bytes:
    """Add the digest to a JSON object that is not empty."""
    head = document[:-1]
    return head + b',"digest":"' + digest(head).encode() + b'"}\n'


def unsealed(stored: bytes, name: str) -> bytes:
    """Return the object without its digest. Raises Corrupt, naming the file."""
    document = stored[:-_LENGTH] + b"}"
    if len(stored) <= _LENGTH or sealed(document) != stored:
        raise Corrupt(f"{name} is damaged: its digest does not match")
    return document


def document(stored: bytes, name: str) -> dict[str, Any]:
    """Return what the object says, without its digest. Raises Corrupt, naming the file.

    A digest shows that the bytes are those somebody wrote, not that they are JSON.
    """
    try:
        said: dict[str, Any] = read_json(unsealed(stored, name))
    except ValueError as error:
        raise Corrupt(f"{name} is no JSON: {error}") from error
    return said
