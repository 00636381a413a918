"""From what differs between two lists of files to what a commit changed."""

from collections.abc import Sequence

from opentraces.domain.slotted import frozen_dataclass
from opentraces.domain.trail.history import FileBefore, PathChange


@frozen_dataclass
class Delta:
    """A regular file that is not the same in a parent and in the commit."""

    old: FileBefore | None
    """In the parent. None: not there, or no regular file."""

    new: FileBefore | None
    """In the commit. None: not there, or no regular file. Never None where `old` is."""

    @property
    def path(self) -> str:
        """In the commit; of a file that went, in the parent."""
        file = self.new or self.old
        return file.path if file else ""


def changes(by_parent: Sequence[Sequence[Delta]]) -> tuple[PathChange, ...]:
    """Return what a commit changed against all its parents, by path.

    `by_parent`: what differs from each of them; of a first commit, from no files at all.
    """
    found = [{delta.path: delta for delta in deltas} for deltas in by_parent]
    paths = sorted(set(found[0]).intersection(*found[1:])) if found else []
    return tuple(_change(path, [deltas[path] for deltas in found]) for path in paths)


def _change(path: str, deltas: Sequence[Delta]) -> PathChange:
    new = deltas[0].new
    before = tuple(delta.old for delta in deltas if delta.old is not None)
    return PathChange(path, new.blob if new else None, before)
