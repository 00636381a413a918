"""Which lines were read already: Claude Code writes some again, under the same id."""

from array import array

from opentraces.domain.ids import digest


class SeenLines:
    """The ids of all lines read so far, eight bytes each."""

    def __init__(self, packed: bytes = b"") -> None:
        self._packed = array("Q")
        self._packed.frombytes(packed)
        self._set = set(self._packed)

    def add(self, uuid: str) -> bool:
        """Take an id; say whether it is new."""
        mark = _mark(uuid)
        if mark in self._set:
            return False
        self._set.add(mark)
        self._packed.append(mark)
        return True

    def __contains__(self, uuid: str) -> bool:
        return _mark(uuid) in self._set

    def packed(self) -> bytes:
        """Return all ids, for the constructor; of use on this machine only."""
        return self._packed.tobytes()


def _mark(uuid: str) -> int:
    return int(digest(uuid.encode()), 16)
