"""The history of one repository, whichever way its objects are read."""

from collections.abc import Collection, Iterator, Sequence

from opentraces.adapters.git.blaming import Blaming
from opentraces.adapters.git.command import GitCommand
from opentraces.adapters.git.commit_object import CommitObject, read_commit
from opentraces.adapters.git.objects import Objects, Source
from opentraces.domain.trail.deltas import changes
from opentraces.domain.trail.history import (
    BlamedLine,
    Commit,
    CommitId,
    Heads,
    ObjectId,
    PathChange,
)
from opentraces.domain.trail.walk import Node, walk
from opentraces.ports.repository import Repository


class GitRepository(Repository):
    """See Repository."""

    def __init__(self, source: Source, git: GitCommand) -> None:
        """`git`: for what only the command can tell."""
        self._source = source
        self._blaming = Blaming(git, source.place)

    def heads(self) -> Heads:
        """See Repository."""
        return self._source.heads()

    def commits(
        self, tips: Collection[CommitId], known: Collection[CommitId], since: int | None
    ) -> Iterator[Commit]:
        """See Repository."""
        with self._source.objects() as objects:
            history = _History(objects)
            for commit in walk(tips, known, since, history.node):
                told = history.commit(commit)
                if told is not None:
                    yield told

    def blobs(self, ids: Sequence[ObjectId]) -> Iterator[bytes | None]:
        """See Repository."""
        with self._source.objects() as objects:
            for name in ids:
                stored = objects.read(name)
                yield stored.data if stored is not None and stored.kind == "blob" else None

    def blame(self, path: str, revision: CommitId | None) -> tuple[BlamedLine, ...]:
        """See Repository. Needs the git command, however objects are read."""
        if revision is not None:
            return self._blaming.at(path, revision)
        return self._blaming.as_it_is(path, self._source.head())

    def checked_out(self, moment: int) -> CommitId | None:
        """See Repository."""
        return self._source.checked_out(moment)

    def is_ancestor(self, commit: CommitId, of: CommitId) -> bool:
        """See Repository."""
        return self._source.is_ancestor(commit, of)


class _History:
    """Commits with what they changed."""

    def __init__(self, objects: Objects) -> None:
        self._objects = objects

    def node(self, commit: CommitId) -> Node | None:
        found = self._read(commit)
        return found.node if found else None

    def commit(self, commit: CommitId) -> Commit | None:
        found = self._read(commit)
        return found.told(commit, self._changes(found)) if found else None

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
        if len(trees) == 1:
            return changes([self._objects.compare(trees[0], tree, renames=True)])
        differs = changes([self._objects.compare(old, tree, renames=False) for old in trees])
        if all(len(change.before) == len(trees) for change in differs):
            return differs
        return changes([self._objects.compare(old, tree, renames=True) for old in trees])
