"""Commits with what they changed, read object by object, whichever way objects are read."""

from collections.abc import Iterable, Sequence

from opentraces.adapters.git.commit_object import CommitObject, read_commit
from opentraces.adapters.git.objects import Objects
from opentraces.adapters.git.plain_text import is_named
from opentraces.adapters.git.renames import renames
from opentraces.adapters.git.trees import File, Pair, Trees
from opentraces.domain.trail.deltas import Delta, changes
from opentraces.domain.trail.history import Commit, CommitId, FileBefore, ObjectId, PathChange
from opentraces.domain.trail.walk import Node


class History:
    """The commits of one repository, as far as they are there."""

    def __init__(self, objects: Objects) -> None:
        self._objects = objects
        self._trees = Trees(objects)

    def node(self, commit: CommitId) -> Node | None:
        """Return what is needed to walk on. None: not there."""
        found = self._read(commit)
        return found.node if found else None

    def commit(self, commit: CommitId) -> Commit | None:
        """Return a commit with what it changed. None: not there."""
        found = self._read(commit)
        return found.told(commit, self._changes(found)) if found else None

    def files_in(self, commit: CommitId, folders: Iterable[str]) -> dict[str, ObjectId]:
        """Return the regular files that stand in folders, by path; those with odd names are not."""
        found = self._read(commit)
        files = self._trees.files_in(found.tree, folders) if found else ()
        return {file.path.decode(): file.blob for file in files if is_named(file.path)}

    def content(self, name: str) -> bytes | None:
        """Return what a file holds. None: not there, or no file."""
        stored = self._objects.read(name)
        return stored.data if stored is not None and stored.kind == "blob" else None

    def _read(self, commit: CommitId) -> CommitObject | None:
        stored = self._objects.read(commit)
        return read_commit(stored.data) if stored and stored.kind == "commit" else None

    def _changes(self, commit: CommitObject) -> tuple[PathChange, ...]:
        parents = [self._read(parent) for parent in commit.parents]
        trees = [parent.tree for parent in parents if parent is not None]
        if len(trees) < len(parents):
            return ()
        try:
            return self._against(trees or [None], commit.tree)
        except KeyError:
            return ()

    def _against(self, trees: Sequence[ObjectId | None], tree: ObjectId) -> tuple[PathChange, ...]:
        """Return what differs from all trees; renames are looked for only where they may matter."""
        pairs = [self._trees.differing(old, tree) for old in trees]
        if len(pairs) > 1:
            plain = changes([[_delta(each.old, each.new) for each in some] for some in pairs])
            if all(len(change.before) == len(trees) for change in plain):
                return plain
        return changes([self._followed(some) for some in pairs])

    def _followed(self, pairs: Sequence[Pair]) -> list[Delta]:
        """Return what differs, a file that was moved as one."""
        went = [each.old for each in pairs if each.old is not None and not each.is_there]
        came = [each.new for each in pairs if each.new is not None and not each.was_there]
        moved = renames(went, came, self.content)
        gone = {*moved.values()}
        return [
            _delta(each.old or (moved.get(each.new) if each.new else None), each.new)
            for each in pairs
            if each.new is not None or each.old not in gone
        ]


def _delta(old: File | None, new: File | None) -> Delta:
    return Delta(_told(old), _told(new))


def _told(file: File | None) -> FileBefore | None:
    return FileBefore(file.path.decode("utf-8", "replace"), file.blob) if file else None
