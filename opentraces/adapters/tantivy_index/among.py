"""Traces of which alone answers count, when they are too many to be named to the engine."""

from collections.abc import Callable, Iterable

_MOST_KEYS = 4000
"""So many are looked up as they are asked for; then all are read at once."""

ReadKeys = Callable[[Iterable[int] | None], Iterable[int]]
"""Returns which of some keys belong to these traces. None: of all keys."""


class Among:
    """Some traces, by their keys. Looks up no more than is asked for, and remembers that."""

    def __init__(self, read: ReadKeys) -> None:
        self._read = read
        self._asked: set[int] = set()
        self._found: set[int] = set()
        self._is_whole = False

    def of(self, keys: Iterable[int]) -> set[int]:
        """Return those of the keys that are of these traces."""
        wanted = set(keys)
        new = set() if self._is_whole else wanted - self._asked
        if len(new) + len(self._asked) > _MOST_KEYS:
            self._found, self._asked, self._is_whole = set(self._read(None)), set(), True
        elif new:
            self._found.update(self._read(new))
            self._asked |= new
        return wanted & self._found
