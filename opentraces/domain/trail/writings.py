"""Who wrote which text into which file, and which of it was seen to be gone again."""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import field
from typing import NamedTuple

from opentraces.domain.slotted import mutable_dataclass
from opentraces.domain.trail.owners import NOBODY, Owner
from opentraces.domain.trail.text import plain, squeezed

_NEVER = 2**62


@mutable_dataclass
class Writing:
    """What one patch wrote."""

    patch: str
    """Its id."""

    moment: int
    """When, in milliseconds since 1970."""

    before: frozenset[bytes] = frozenset()
    """Lines that the file held before, as far as that is known; what of them counts."""

    wrote: Counter[bytes] = field(default_factory=Counter)
    """Lines that it wrote, and how often; likewise."""

    gained: Counter[bytes] = field(default_factory=Counter)
    """How many more of each the file held then: which of equal lines is the new one is nobody's
    to say."""


class _Wrote(NamedTuple):
    """What a patch did to a file."""

    path: str
    number: int
    lines: tuple[bytes, ...]
    before: tuple[bytes, ...]
    went: tuple[bytes, ...]


class _Came(NamedTuple):
    """Lines that came into a file without a patch."""

    path: str
    moment: int
    lines: tuple[bytes, ...]


class Writings:
    """What all patches wrote, by their number."""

    def __init__(self, key: Callable[[bytes], bytes] = plain) -> None:
        """`key`: what of a line counts."""
        self._key = key
        self._told: list[_Wrote | _Came] = []
        self._patches: list[Writing] = []
        self._writers: dict[tuple[str, bytes], list[tuple[int, int]]] = {}
        self._gone: dict[Owner, int] = {}

    def __getitem__(self, number: int) -> Writing:
        """Return what a patch wrote."""
        return self._patches[number]

    def squeezed(self) -> "Writings":
        """Return the same with lines as formatters leave them; only after all was told."""
        other = Writings(squeezed)
        other._gone = self._gone
        for each in self._patches:
            other.add(Writing(each.patch, each.moment))
        for told in self._told:
            other._take(told)
        return other

    def add(self, writing: Writing) -> int:
        """Take the next patch; returns its number."""
        self._patches.append(writing)
        return len(self._patches) - 1

    def wrote(
        self,
        path: str,
        number: int,
        lines: Iterable[bytes],
        before: Iterable[bytes],
        went: Iterable[bytes],
    ) -> None:
        """Note what a patch wrote into a file, what the file held before, and what of it went."""
        self._take(_Wrote(path, number, tuple(lines), tuple(before), tuple(went)))

    def came(self, path: str, moment: int, lines: Iterable[bytes]) -> None:
        """Note lines that came into a file without a patch."""
        self._take(_Came(path, moment, tuple(lines)))

    def went(self, owners: Iterable[Owner], moment: int) -> None:
        """Note that lines were seen to be gone."""
        for each in owners:
            if each >= 0:
                self._gone[each] = min(moment, self._gone.get(each, _NEVER))

    def is_gone(self, line: Owner, until: int) -> bool:
        """Whether a line was seen to be gone before a moment."""
        return self._gone.get(line, _NEVER) < until

    def writers(self, paths: Iterable[str], line: bytes, until: int) -> set[int]:
        """Return the numbers of all that wrote a line into a file before a moment."""
        return {
            number
            for path in paths
            for moment, number in self._writers.get((path, self._key(line)), ())
            if moment < until
        }

    def _take(self, told: _Wrote | _Came) -> None:
        self._told.append(told)
        lines = Counter(map(self._key, told.lines))
        if isinstance(told, _Came):
            at = (told.moment, NOBODY)
        else:
            writing = self._patches[told.number]
            writing.before |= frozenset(map(self._key, told.before))
            writing.wrote += lines
            writing.gained += lines - Counter(map(self._key, told.went))
            at = (writing.moment, told.number)
        for line in lines:
            self._writers.setdefault((told.path, line), []).append(at)
