"""Which of the files that came are files that went, in the order in which Git decides it.

First the equal ones; then those whose name no other has; then the most alike first.
"""

from collections.abc import Callable, Sequence
from typing import NamedTuple

from opentraces.adapters.git.likeness import WHOLE, Content, content_of, likeness
from opentraces.adapters.git.trees import File

_LEAST = WHOLE // 2
_LEAST_BY_NAME = _LEAST + (WHOLE - _LEAST) // 2
_CANDIDATES = 4
_MOST_PAIRS = 40_000
"""So many pairs of files are compared with one another; of more, none."""

_MOST_EQUAL = 100

Read = Callable[[str], bytes | None]
"""Returns the content of a file; None: it is not there."""


class _Score(NamedTuple):
    likeness: int
    has_same_name: bool
    came: File
    went: File


def renames(went: Sequence[File], came: Sequence[File], read: Read) -> dict[File, File]:
    """Return, for files that came, those that they were. Both ascending by path."""
    return _Renames(went, came, read).found() if went and came else {}


class _Renames:
    def __init__(self, went: Sequence[File], came: Sequence[File], read: Read) -> None:
        self._went = [*went]
        self._came = [*came]
        self._read = read
        self._contents: dict[str, Content | None] = {}
        self._found: dict[File, File] = {}

    def found(self) -> dict[File, File]:
        for step in (self._equal, self._by_name, self._alike):
            step()
            taken = {*self._found.values()}
            self._went = [file for file in self._went if file not in taken]
            self._came = [file for file in self._came if file not in self._found]
        return self._found

    def _equal(self) -> None:
        by_blob: dict[str, list[File]] = {}
        for file in self._went:
            by_blob.setdefault(file.blob, []).append(file)
        for file in self._came:
            left = by_blob.get(file.blob, [])[:_MOST_EQUAL]
            if left:
                same = (each for each in left if _name(each) == _name(file))
                self._found[file] = next(same, left[0])
                by_blob[file.blob].remove(self._found[file])

    def _by_name(self) -> None:
        went, came = _only_ones(self._went), _only_ones(self._came)
        for name, file in went.items():
            other = came.get(name)
            if other is not None and self._score(file, other, _LEAST_BY_NAME):
                self._found[other] = file

    def _alike(self) -> None:
        if len(self._went) * len(self._came) > _MOST_PAIRS:
            return
        scores: list[_Score] = []
        for file in self._came:
            mine = (self._scored(each, file) for each in self._went)
            scores += sorted((each for each in mine if each.likeness), key=_order)[:_CANDIDATES]
        taken: set[File] = set()
        for score in sorted(scores, key=_order):
            if score.came not in self._found and score.went not in taken:
                self._found[score.came] = score.went
                taken.add(score.went)

    def _scored(self, went: File, came: File) -> _Score:
        return _Score(self._score(went, came, _LEAST), _name(went) == _name(came), came, went)

    def _score(self, went: File, came: File, least: int) -> int:
        old, new = self._content(went), self._content(came)
        return likeness(old, new, least) if old is not None and new is not None else 0

    def _content(self, file: File) -> Content | None:
        if file.blob not in self._contents:
            data = self._read(file.blob)
            self._contents[file.blob] = None if data is None else content_of(data)
        return self._contents[file.blob]


def _order(score: _Score) -> tuple[int, bool]:
    return -score.likeness, not score.has_same_name


def _name(file: File) -> bytes:
    return file.path.rpartition(b"/")[2]


def _only_ones(files: Sequence[File]) -> dict[bytes, File]:
    """Return the files whose name no other has, by their names."""
    found: dict[bytes, File] = {}
    twice: set[bytes] = set()
    for file in files:
        if _name(file) in found:
            twice.add(_name(file))
        found[_name(file)] = file
    return {name: file for name, file in found.items() if name not in twice}
