"""A repository in memory: commits of whole lists of files."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from difflib import SequenceMatcher

from opentraces.domain.errors import NoSuchFile, RepositoryUnreadable
from opentraces.domain.slotted import frozen_dataclass
from opentraces.domain.trail.deltas import Delta, changes
from opentraces.domain.trail.history import (
    MOST_BYTES,
    BlamedLine,
    Commit,
    CommitId,
    FileBefore,
    Heads,
    ObjectId,
    reverted_by,
)
from opentraces.domain.trail.text import lines_of
from opentraces.domain.trail.walk import Node, walk
from opentraces.ports.repositories import Repositories
from opentraces.ports.repository import Repository

_SIMILAR = 0.5


@frozen_dataclass
class _Made:
    """A commit, and its files."""

    commit: Commit
    files: Mapping[str, bytes]


class MemoryRepository(Repository):
    """See Repository. Ids are numbers in the order of their making.

    `commit`, `move`, `amend` and `forget` are what users do to it; `worktree` holds the files as
    they are now.
    """

    def __init__(self, branch: str | None = "main") -> None:
        self.worktree: dict[str, bytes] = {}
        self._made: dict[CommitId, _Made] = {}
        self._contents: dict[bytes, ObjectId] = {}
        self._there: dict[ObjectId, bytes] = {}
        self._heads = Heads(branch=branch)
        self._log: list[tuple[int, CommitId]] = []

    def commit(
        self,
        files: Mapping[str, bytes],
        parents: Sequence[CommitId] = (),
        message: str = "change",
        at: int = 0,
        authored: int | None = None,
    ) -> CommitId:
        """Make a commit that holds `files` and no others; no branch leads to it yet."""
        name = CommitId(f"{len(self._made) + 1:040x}")
        own = {path: FileBefore(path, self._keep(data)) for path, data in files.items()}
        told = Commit(
            name,
            tuple(parents),
            author="A <a@example.org>",
            authored=at if authored is None else authored,
            committed=at,
            subject=message.partition("\n")[0],
            reverts=reverted_by(message),
        )
        there = [self._made[parent].files for parent in parents if parent in self._made]
        found = changes([self._deltas(old, own) for old in there or [{}]])
        is_whole = len(there) == len(parents)
        made = replace(told, changes=found if is_whole else ())
        self._made[name] = _Made(made, dict(files))
        return name

    def move(self, commit: CommitId, branch: str | None = "main", at: int | None = None) -> None:
        """Let a branch lead to a commit, and check it out. None: detached."""
        before = self._heads
        names = {**before.branches, **({branch: commit} if branch else {})}
        self._heads = replace(
            before, head=commit, branch=branch, branches=names, logged=before.logged | {commit}
        )
        self._log.append((self._made[commit].commit.committed if at is None else at, commit))
        self.worktree = dict(self._made[commit].files)

    def amend(self, old: CommitId, new: CommitId, branch: str | None = "main") -> None:
        """Check out a commit in place of the one that it replaces."""
        self.move(new, branch)
        self._heads = replace(self._heads, rewritten={**self._heads.rewritten, old: new})

    def forget(self, name: CommitId | ObjectId) -> None:
        """Let a commit or a content be missing."""
        self._made.pop(CommitId(name), None)
        self._there.pop(ObjectId(name), None)

    def files_of(self, commit: CommitId) -> Mapping[str, bytes] | None:
        """Return what a commit holds. None: it is not there."""
        made = self._made.get(commit)
        return made.files if made else None

    def heads(self) -> Heads:
        """See Repository."""
        there = frozenset(commit for commit in self._heads.logged if commit in self._made)
        return replace(self._heads, logged=there)

    def commits(
        self, tips: Collection[CommitId], known: Collection[CommitId], since: int | None
    ) -> Iterator[Commit]:
        """See Repository."""
        for name in walk(tips, known, since, self._node):
            commit = self._made[name].commit
            is_whole = all(parent in self._made for parent in commit.parents)
            yield commit if is_whole else replace(commit, changes=())

    def blobs(self, ids: Sequence[ObjectId]) -> Iterator[bytes | None]:
        """See Repository."""
        for name in ids:
            data = self._there.get(name)
            yield None if data is None or len(data) > MOST_BYTES else data

    def files_in(self, commit: CommitId, folders: Collection[str]) -> Mapping[str, ObjectId]:
        """See Repository."""
        made = self._made.get(commit)
        return {
            path: self._keep(data)
            for path, data in (made.files if made else {}).items()
            if path.rpartition("/")[0] in folders
        }

    def blame(self, path: str, revision: CommitId | None) -> tuple[BlamedLine, ...]:
        """See Repository. Follows the first parents, and no renames."""
        at = self._heads.head if revision is None else revision
        made = self._made.get(at) if at else None
        if made is None or path not in made.files:
            raise NoSuchFile(path)
        lines = self._brought(path, made)
        if revision is not None:
            return lines
        if path not in self.worktree:
            raise NoSuchFile(path)
        return _carried(lines, made.files[path], self.worktree[path], None, path)

    def checked_out(self, moment: int) -> CommitId | None:
        """See Repository."""
        before = [commit for at, commit in self._log if at <= moment]
        return before[-1] if before else None

    def _node(self, name: CommitId) -> Node | None:
        made = self._made.get(name)
        return Node(made.commit.parents, made.commit.committed) if made else None

    def _keep(self, data: bytes) -> ObjectId:
        if data not in self._contents:
            self._contents[data] = ObjectId(f"b{len(self._contents):039x}")
            self._there[self._contents[data]] = data
        return self._contents[data]

    def _deltas(self, files: Mapping[str, bytes], new: Mapping[str, FileBefore]) -> Sequence[Delta]:
        old = {path: FileBefore(path, self._keep(data)) for path, data in files.items()}
        gone = [file for path, file in old.items() if path not in new]
        found = []
        for path, file in new.items():
            before = old.get(path) or self._renamed(file, gone)
            if before != file:
                found.append(Delta(before, file))
        return [*found, *(Delta(file, None) for file in gone)]

    def _renamed(self, file: FileBefore, gone: list[FileBefore]) -> FileBefore | None:
        """Return the file that this one was, and take it from those that went."""
        scores = [self._likeness(each, file) for each in gone]
        best = max(scores, default=0.0)
        return gone.pop(scores.index(best)) if best >= _SIMILAR else None

    def _likeness(self, old: FileBefore, new: FileBefore) -> float:
        texts = [lines_of(self._there.get(each.blob, b"")) for each in (old, new)]
        return SequenceMatcher(None, texts[0], texts[1], autojunk=False).ratio()

    def _brought(self, path: str, made: _Made) -> tuple[BlamedLine, ...]:
        parents = made.commit.parents
        before = self._made.get(parents[0]) if parents else None
        has_before = before is not None and path in before.files
        old = self._brought(path, before) if before is not None and has_before else ()
        held = before.files[path] if before is not None and has_before else b""
        return _carried(old, held, made.files[path], made.commit, path)


class MemoryRepositories(Repositories):
    """See Repositories: given ones, by their checkouts."""

    def __init__(self, repositories: Mapping[str, Repository] | None = None) -> None:
        self.repositories = dict(repositories or {})

    def open(self, checkout: str) -> Repository:
        """See Repositories."""
        if checkout not in self.repositories:
            raise RepositoryUnreadable(f"{checkout}: there is no repository")
        return self.repositories[checkout]


def _carried(
    before: Sequence[BlamedLine], old: bytes, new: bytes, commit: Commit | None, path: str
) -> tuple[BlamedLine, ...]:
    """Return the lines of `new`: those of `old` as they were brought, the others by `commit`."""
    lines = lines_of(new)
    made = (commit.commit, commit.authored, commit.committed) if commit else (None, 0, 0)
    name, first, last = made
    found = [
        BlamedLine(name, number, path, first, last, line.decode("utf-8", "replace"))
        for number, line in enumerate(lines, 1)
    ]
    matcher = SequenceMatcher(None, lines_of(old), lines, autojunk=False)
    for a, b, size in matcher.get_matching_blocks():
        found[b : b + size] = before[a : a + size]
    return tuple(found)
