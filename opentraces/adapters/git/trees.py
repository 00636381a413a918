"""What differs between two lists of files, read object by object."""

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from opentraces.adapters.git.objects import Objects
from opentraces.domain.trail.history import ObjectId

_KIND = 0o170000
_TREE = 0o040000
_REGULAR = 0o100000
_ENTRIES = {
    40: re.compile(rb"(\d{1,7}) ([^\0]+)\0(.{20})", re.DOTALL),
    64: re.compile(rb"(\d{1,7}) ([^\0]+)\0(.{32})", re.DOTALL),
}


class File(NamedTuple):
    """A regular file in a tree."""

    path: bytes
    """From the root."""

    blob: ObjectId
    """Its content."""


class Pair(NamedTuple):
    """One path that two trees do not have alike, as far as it is a regular file in either."""

    old: File | None
    """None: not there, or no regular file."""

    new: File | None
    """Likewise."""

    was_there: bool
    """Whether the old tree has anything there."""

    is_there: bool
    """Whether the new one has."""


class _Entry(NamedTuple):
    kind: int
    name: str


class Trees:
    """The lists of files of one repository."""

    def __init__(self, objects: Objects) -> None:
        self._objects = objects

    def differing(self, old: ObjectId | None, new: ObjectId) -> list[Pair]:
        """Return what differs, by path; a new mode is nothing. `old`, None: an empty tree.

        Raises KeyError: a tree that has to be looked into is not there.
        """
        found: list[tuple[bytes, Pair]] = []
        left: list[tuple[bytes, str | None, str | None]] = [(b"", old, new)]
        while left:
            folder, before, after = left.pop()
            for name, was, now in self._apart(before, after):
                path = folder + name
                if _is_tree(was) or _is_tree(now):
                    inner = [each.name if each and _is_tree(each) else None for each in (was, now)]
                    left.append((path + b"/", inner[0], inner[1]))
                pair = _pair(path, was, now)
                if pair is not None:
                    found.append((path, pair))
        return [pair for _, pair in sorted(found, key=lambda each: each[0])]

    def files_in(self, root: ObjectId, folders: Iterable[str]) -> Iterator[File]:
        """Yield the regular files that stand in folders; those that are not there have none."""
        for folder in folders:
            parts = [part.encode("utf-8", "surrogatepass") for part in folder.split("/") if part]
            tree = self._below(root, parts)
            for name, entry in _entries(self._there(tree)).items():
                file = _file(b"/".join([*parts, name]), entry)
                if file is not None:
                    yield file

    def _below(self, root: ObjectId, parts: Iterable[bytes]) -> str | None:
        """Return the tree of a folder. None: there is no such folder."""
        tree: str = root
        for part in parts:
            entry = _entries(self._there(tree)).get(part)
            if entry is None or not _is_tree(entry):
                return None
            tree = entry.name
        return tree

    def _there(self, tree: str | None) -> set[tuple[bytes, bytes, bytes]]:
        """Return the rows of a tree; none, where it is not there."""
        try:
            return self._rows(tree)
        except KeyError:
            return set()

    def _apart(
        self, old: str | None, new: str | None
    ) -> Iterator[tuple[bytes, _Entry | None, _Entry | None]]:
        before, after = self._rows(old), self._rows(new)
        was, now = _entries(before - after), _entries(after - before)
        for name in {**was, **now}:
            if was.get(name) != now.get(name):
                yield name, was.get(name), now.get(name)

    def _rows(self, tree: str | None) -> set[tuple[bytes, bytes, bytes]]:
        if tree is None:
            return set()
        stored = self._objects.read(tree)
        if stored is None or stored.kind != "tree":
            raise KeyError(tree)
        return set(_ENTRIES[len(tree)].findall(stored.data))


def _entries(rows: set[tuple[bytes, bytes, bytes]]) -> dict[bytes, _Entry]:
    return {name: _Entry(int(mode, 8) & _KIND, blob.hex()) for mode, name, blob in rows}


def _is_tree(entry: _Entry | None) -> bool:
    return entry is not None and entry.kind == _TREE


def _pair(path: bytes, was: _Entry | None, now: _Entry | None) -> Pair | None:
    old, new = _file(path, was), _file(path, now)
    if old is None and new is None:
        return None
    was_there = was is not None and not _is_tree(was)
    return Pair(old, new, was_there, now is not None and not _is_tree(now))


def _file(path: bytes, entry: _Entry | None) -> File | None:
    if entry is None or entry.kind != _REGULAR:
        return None
    return File(path, ObjectId(entry.name))
