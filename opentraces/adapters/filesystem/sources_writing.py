"""The bytes of one source on their way into frames."""

from functools import partial

from opentraces.adapters.filesystem.frames import FRAME
from opentraces.adapters.filesystem.packers import WORTH
from opentraces.adapters.filesystem.packing import GrowingFile, Packing, zstd_frame
from opentraces.domain.envelope import StoredFile


class SourceWriter:
    """Cuts bytes into frames at line ends, where there is one, and at 1 MiB where not."""

    def __init__(self, file: GrowingFile) -> None:
        self._file = file
        self._tail = bytearray()
        self._has_cut = False
        self._ahead: Packing | None = None

    @property
    def held(self) -> int:
        """Bytes that are in no frame yet."""
        return len(self._tail)

    def append(self, data: bytes) -> None:
        """Take the next bytes."""
        self._ahead = None
        self._tail += data
        while len(self._tail) >= FRAME:
            self._cut(self._tail.rfind(b"\n", 0, FRAME) + 1 or FRAME)
            self._has_cut = True

    def pack_ahead(self) -> None:
        """Begin to pack the tail: of a small source, most likely nothing follows."""
        if len(self._tail) >= WORTH and self._ahead is None and not self._has_cut:
            self._ahead = self._packing(len(self._tail))

    def flush(self) -> None:
        """Put the tail into a frame."""
        if self._tail:
            self._cut(len(self._tail))

    def finish(self) -> StoredFile:
        """Write all of it, and say what the file holds."""
        self.flush()
        return self._file.finish()

    def close(self) -> None:
        """Let it go."""
        self._file.close()

    def _cut(self, length: int) -> None:
        packing = self._ahead or self._packing(length)
        self._ahead = None
        self._file.add(packing)
        del self._tail[:length]

    def _packing(self, length: int) -> Packing:
        """Begin to pack the next bytes."""
        return self._file.submit(partial(zstd_frame, bytes(self._tail[:length])), length)
