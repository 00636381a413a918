"""A Destination in a dict."""

from collections.abc import Iterable

from opentraces.domain.errors import BadRequest
from opentraces.ports.destination import Destination


class MemoryDestination(Destination):
    """See Destination."""

    def __init__(self) -> None:
        self.files: dict[str, bytes] = {}

    def write(self, name: str, pieces: Iterable[bytes]) -> str:
        """See Destination."""
        if "\0" in name or any(part in ("", ".", "..") for part in name.split("/")):
            raise BadRequest(f"{name!r} is no name of a file below a folder")
        data = b"".join(pieces)
        if self.files.setdefault(name, data) != data:
            raise BadRequest(f"{name} is there already, and is another file")
        return name
