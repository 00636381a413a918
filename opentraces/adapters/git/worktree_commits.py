"""What `git commit` changed in one worktree, as HEAD's reflog tells."""

import os
from collections.abc import Iterator

from opentraces.adapters.git.attributes import made_by_programs
from opentraces.adapters.git.command import GitCommand
from opentraces.adapters.git.commit_object import CommitObject, read_commit
from opentraces.adapters.git.head_moves import HeadMoves
from opentraces.adapters.git.objects import Objects
from opentraces.adapters.git.plain_text import is_named, is_text
from opentraces.adapters.git.reflogs import Logged
from opentraces.adapters.git.repositories import GitRepositories
from opentraces.adapters.git.trees import File, Pair, Trees
from opentraces.adapters.git.worktree_places import LARGEST, MOST_BYTES, MOST_FILES, WorktreePlaces
from opentraces.domain.trail.history import CommitId
from opentraces.ports.worktree_files import CommittedFile

_MOST_COMMITS = 100

_Changed = tuple[bytes, File | None, File | None, int]
"""Path, the file before and after, and when the commit was made."""


class WorktreeCommits:
    """The commits that were made in one worktree since a moment."""

    def __init__(self, git: GitCommand, worktree: str, since_ns: int) -> None:
        self._git = git
        self._worktree = worktree
        self._since = since_ns
        self._places = WorktreePlaces(worktree)
        self._source = GitRepositories(git).source(worktree)

    def files(self) -> Iterator[CommittedFile]:
        """Yield what they changed, the first commit first. Raises RepositoryUnreadable."""
        since = HeadMoves(self._source, self._since).since
        moves = [move for move in since if move.is_committed]
        if not moves:
            return
        left = MOST_BYTES
        with self._source.objects() as objects:
            changed = list(self._changed(objects, moves[-_MOST_COMMITS:]))[:MOST_FILES]
            made = made_by_programs(self._git, self._worktree, {path for path, *_ in changed})
            for path, old, new, committed in changed:
                texts = [_text(objects, file) for file in (old, new)]
                is_told = all(
                    (text is None) == (file is None)
                    for text, file in zip(texts, (old, new), strict=True)
                )
                left -= sum(len(text or b"") for text in texts)
                if left >= 0 and is_told and path not in made:
                    yield CommittedFile(os.fsdecode(path), texts[1], texts[0], committed)

    def _changed(self, objects: Objects, moves: list[Logged]) -> Iterator[_Changed]:
        """Yield the files that moves of HEAD changed, and that were written since, too."""
        trees = Trees(objects)
        for move in moves:
            made = _commit(objects, move.new)
            before = _commit(objects, move.old)
            if made is None or len(made.parents) > 1 or (before is None) != (move.old is None):
                continue
            try:
                pairs = trees.differing(before.tree if before else None, made.tree)
            except KeyError:
                continue
            for pair in pairs:
                path = _path(pair)
                if path is not None and self._is_written(os.fsdecode(path)):
                    yield path, pair.old, pair.new, made.committed

    def _is_written(self, path: str) -> bool:
        found = self._places.look(path)
        if found is None:
            return self._places.may_have_gone(path, self._since)
        return found.st_mtime_ns >= self._since


def _commit(objects: Objects, name: CommitId | None) -> CommitObject | None:
    stored = objects.read(name) if name is not None else None
    return read_commit(stored.data) if stored is not None and stored.kind == "commit" else None


def _path(pair: Pair) -> bytes | None:
    """Return the path of a file that was none, or no link, before. None: it cannot be told."""
    if (pair.old is None) != (not pair.was_there) or (pair.new is None) != (not pair.is_there):
        return None
    file = pair.new or pair.old
    return file.path if file is not None and is_named(file.path) else None


def _text(objects: Objects, file: File | None) -> bytes | None:
    """Return what a file holds. None: there is none, or it is large, or no text."""
    stored = objects.read(file.blob) if file is not None else None
    if stored is None or len(stored.data) > LARGEST or not is_text(stored.data):
        return None
    return stored.data
