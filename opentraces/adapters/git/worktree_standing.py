"""How a worktree stood beside what was checked out at a moment, by what was written since.

Git lists what its index has, and with which times; only a file whose times are others is read.
"""

import os
from collections.abc import Iterable, Iterator, Mapping

from opentraces.adapters.git.attributes import made_by_programs
from opentraces.adapters.git.command import GitCommand
from opentraces.adapters.git.head_moves import HeadMoves
from opentraces.adapters.git.index_entries import Entry, Index
from opentraces.adapters.git.plain_text import is_named
from opentraces.adapters.git.repositories import GitRepositories
from opentraces.adapters.git.repository import GitRepository
from opentraces.adapters.git.worktree_places import WorktreePlaces, was_written
from opentraces.domain.slotted import frozen_dataclass
from opentraces.domain.trail.history import CommitId, ObjectId
from opentraces.domain.trail.start import (
    MOST_FILES,
    DirtyFile,
    Standing,
    StartState,
    WrittenFile,
    as_compared,
)

_MOST_BYTES = 16 * 1024 * 1024


@frozen_dataclass
class _Place:
    """A path that the commit, the index or the worktree has."""

    path: bytes
    committed: ObjectId | None
    """None: the commit has no such file."""

    entry: Entry | None
    """None: the index has none."""

    is_staged: bool
    """Whether the index has something else than the commit."""


class WorktreeStanding:
    """Compares one worktree with what was checked out."""

    def __init__(self, git: GitCommand, worktree: str, since_ns: int) -> None:
        source = GitRepositories(git).source(worktree)
        self._git = git
        self._worktree = worktree
        self._since = since_ns
        self._places = WorktreePlaces(worktree)
        self._repository = GitRepository(source, git)
        self._head = HeadMoves(source, since_ns).checked_out()
        self._index = Index(git, worktree, source.place.git_dir)
        self._is_staging_old = not self._index.was_written(since_ns)
        self._dirty: dict[bytes, StartState] = {}
        self._written: dict[bytes, ObjectId | None] = {}
        self._unread: list[_Place] = []
        self._untold: set[bytes] = set()
        """Paths that do not tell, whatever else is known of them."""

    def find(self) -> Standing:
        """Return all of it. Raises RepositoryUnreadable."""
        for place in self._listed(self._head.commit):
            self._take(place)
        is_whole = self._head.is_known and self._is_bounded()
        self._unread, paths = self._unread[:MOST_FILES], sorted(self._written)[:MOST_FILES]
        names = [each.committed for each in self._unread]
        blobs = self._contents([*names, *(self._written[path] for path in paths)])
        maybe = [each for each in self._unread if self._is_other(each, blobs)]
        asked = [*(each.path for each in maybe), *paths]
        made = made_by_programs(self._git, self._worktree, asked)
        for place in maybe:
            if place.path in made:
                self._untold.add(place.path)
            else:
                self._dirty[place.path] = "modified"
        told = (self._told(path, blobs, made) for path in paths)
        untold = (_untold(path) for path in self._untold if path not in self._written)
        return self._standing([*told, *untold], is_whole=is_whole)

    def _listed(self, commit: CommitId | None) -> Iterator[_Place]:
        entries = self._index.entries()
        differing: Mapping[bytes, ObjectId | None]
        differing = self._index.differences(commit) if commit else dict.fromkeys(entries)
        for path in sorted({*entries, *differing}):
            entry, is_staged = entries.get(path), path in differing
            committed = differing[path] if is_staged or entry is None else entry.blob
            if entry is not None and entry.is_added_later and not is_staged:
                committed = None
            yield _Place(path, committed, entry, is_staged)
        for path in self._index.others():
            if path not in differing:
                yield _Place(path, None, None, is_staged=False)

    def _take(self, place: _Place) -> None:
        """Say of a path what its times tell."""
        found = self._places.look(os.fsdecode(place.path))
        if found is None:
            self._take_gone(place)
        elif was_written(found, self._since):
            self._written[place.path] = place.committed
        elif place.entry is not None and not place.entry.is_merged:
            self._dirty[place.path] = "modified"
        elif place.committed is None:
            self._dirty[place.path] = "untracked"
        elif place.entry is None or not place.entry.is_as_noted(found, self._index.file):
            self._unread.append(place)
        elif place.is_staged:
            self._dirty[place.path] = "modified"

    def _take_gone(self, place: _Place) -> None:
        if place.entry is not None and not place.entry.is_checked_out:
            if place.is_staged:
                self._take_staged(place)
        elif place.entry is None and place.committed is None:
            return  # went while it was looked for
        elif self._places.may_have_gone(os.fsdecode(place.path), self._since):
            self._written[place.path] = place.committed
        elif place.committed is None:
            self._take_staged(place)
        else:
            self._dirty[place.path] = "deleted"

    def _take_staged(self, place: _Place) -> None:
        """Take a path that only the index has otherwise; since when, its own time alone tells."""
        if self._is_staging_old:
            self._dirty[place.path] = "modified" if place.entry is not None else "deleted"
        else:
            self._untold.add(place.path)

    def _is_bounded(self) -> bool:
        sizes = (len(self._dirty), len(self._written), len(self._unread))
        return max(sizes) <= MOST_FILES

    def _contents(self, ids: Iterable[ObjectId | None]) -> dict[ObjectId, bytes]:
        """Return the contents of blobs; those that are not there, or are too much, are left out."""
        names = list(dict.fromkeys(name for name in ids if name is not None))
        found: dict[ObjectId, bytes] = {}
        left = _MOST_BYTES
        for name, data in zip(names, self._repository.blobs(names), strict=True):
            if data is not None and len(data) <= left:
                found[name] = data
                left -= len(data)
        return found

    def _is_other(self, place: _Place, blobs: Mapping[ObjectId, bytes]) -> bool:
        """Whether a file that was not written since holds something else than the commit."""
        committed = blobs.get(place.committed) if place.committed else None
        content = self._places.read(os.fsdecode(place.path))
        if committed is None or content is None:
            self._untold.add(place.path)
            return False
        is_same = as_compared(content) == as_compared(committed)
        if is_same and place.is_staged:
            self._take_staged(place)
        return not is_same

    def _told(
        self, path: bytes, blobs: Mapping[ObjectId, bytes], made: frozenset[bytes]
    ) -> WrittenFile:
        name = self._written[path]
        committed = blobs.get(name) if name is not None else None
        is_readable = (name is None or committed is not None) and path not in made
        return WrittenFile(_text(path), committed, is_readable and is_named(path))

    def _standing(self, written: Iterable[WrittenFile], *, is_whole: bool) -> Standing:
        dirty = [
            DirtyFile(path=_text(path), state=self._dirty[path]) for path in sorted(self._dirty)
        ]
        return Standing(
            commit=self._head.commit,
            dirty=tuple(dirty[:MOST_FILES]),
            written=tuple(sorted(written, key=lambda each: each.path)),
            is_whole=is_whole,
        )


def _untold(path: bytes) -> WrittenFile:
    return WrittenFile(_text(path), None, is_readable=False)


def _text(path: bytes) -> str:
    """Return a path as it is told; bytes that are no text are replaced."""
    return path.decode("utf-8", "replace")
