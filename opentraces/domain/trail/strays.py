"""Sessions whose worktree is gone: what tells where they were, and where that ends.

A name tells nothing: folders of one name are made everywhere, and used again.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from pathlib import PurePosixPath

from opentraces.domain.session import is_inside
from opentraces.domain.slotted import frozen_dataclass
from opentraces.domain.trail.located import located

_MADE_BY_AGENTS = "/.claude/worktrees/"
"""Where Claude Code makes its worktrees, each in a folder of its own, below the one it is in."""

_NO_NAMES = ("", ".", "..")


@frozen_dataclass
class Grounds:
    """The places of one repository."""

    standing: tuple[str, ...]
    """The roots of its worktrees that are there."""

    gone: frozenset[str]
    """Roots that were seen to be its worktrees, and that are gone."""

    named: frozenset[str] = frozenset()
    """Roots of which only the repository itself says so, which anybody's might; gone, too."""

    def root_of(self, folder: str) -> str | None:
        """Return the root of the worktree that a folder was in: the innermost of those known.

        None: it was in none of them.
        """
        roots = {*self.standing, *self.gone, *self.named}
        made = {root for each in roots for root in _made_in(each, folder)}
        around = [root for root in roots | made if is_inside(folder, [root])]
        return max(around, key=len, default=None)

    def is_told(self, folder: str) -> bool:
        """Whether a folder was a worktree by its place alone: any other needs its files, too."""
        needs_files = {*self.standing, *(self.named - self.gone)}
        return self.root_of(folder) == folder and folder not in needs_files


def made_around(folder: str) -> str | None:
    """Return the folder for which an agent made this one as a worktree, by its name. None: none.

    It is believed only where that one is the root of a worktree.
    """
    around, made, name = folder.rpartition(_MADE_BY_AGENTS)
    return around if around and made and "/" not in name and name not in _NO_NAMES else None


def files_below(paths: Iterable[str], root: str) -> frozenset[str]:
    """Return those of some files that are below a root, relative to it."""
    found = (located(path, [root]) for path in paths)
    return frozenset(place.path for place in found if place is not None)


def above(folder: str) -> tuple[str, ...]:
    """Return a folder and all that are above it, but for the root of the disk."""
    return (folder, *map(str, PurePosixPath(folder).parents))[:-1]


def root_by_files(
    roots: Iterable[str], paths: Collection[str], tracked: Collection[str]
) -> str | None:
    """Return the root below which most of some files are tracked ones. None: none is, or a tie."""
    counts = Counter({root: len(files_below(paths, root) & set(tracked)) for root in roots})
    best = [root for root, count in counts.items() if count and count == max(counts.values())]
    return best[0] if len(best) == 1 else None


def _made_in(root: str, folder: str) -> Iterator[str]:
    start = f"{root.rstrip('/')}{_MADE_BY_AGENTS}"
    name = folder[len(start) :].partition("/")[0] if folder.startswith(start) else ""
    if name not in _NO_NAMES:
        yield start + name
