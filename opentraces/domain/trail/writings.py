"""Who wrote which text into which file, and which of it was seen to be gone again."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from opentraces.domain.trail.owners import NOBODY, Owner
from opentraces.domain.trail.text import plain

_NEVER = 2**62


@dataclass(slots=True)
class Writing:
    """What one patch wrote."""

    patch: str
    """Its id."""

    moment: int
    """When, in milliseconds since 1970."""

    before: frozenset[bytes] = frozenset()
    """Lines that the file held before, as far as that is known; all without carriage return."""

    wrote: Counter[bytes] = field(default_factory=Counter)
    """Lines that it wrote, and how often; likewise."""

    gained: Counter[bytes] = field(default_factory=Counter)
    """How many more of each the file held then: which of equal lines is the new one is nobody's
    to say."""


class Writings:
    """What all patches wrote, by their number."""

    def __init__(self) -> None:
        self._patches: list[Writing] = []
        self._writers: dict[tuple[str, bytes], list[tuple[int, int]]] = {}
        self._gone: dict[Owner, int] = {}

    def __getitem__(self, number: int) -> Writing:
        """Return what a patch wrote."""
        return self._patches[number]

    def add(self, writing: Writing) -> int:
        """Take the next patch; returns its number."""
        self._patches.append(writing)
        return len(self._patches) - 1

    def wrote(
        self,
        path: str,
        number: int,
        lines: Sequence[bytes],
        before: Iterable[bytes],
        went: Iterable[bytes],
    ) -> None:
        """Note what a patch wrote into a file, what the file held before, and what of it went."""
        writing = self._patches[number]
        held, wrote = Counter(map(plain, before)), Counter(map(plain, lines))
        writing.before |= held.keys()
        writing.wrote += wrote
        writing.gained += wrote - Counter(map(plain, went))
        for line in set(map(plain, lines)):
            self._writers.setdefault((path, line), []).append((writing.moment, number))

    def came(self, path: str, moment: int, lines: Iterable[bytes]) -> None:
        """Note lines that came into a file without a patch."""
        for line in set(map(plain, lines)):
            self._writers.setdefault((path, line), []).append((moment, NOBODY))

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
            for moment, number in self._writers.get((path, plain(line)), ())
            if moment < until
        }
