"""What commands made of a file: what the worktree and new commits have, and no tool left there."""

from collections.abc import Sequence

from opentraces.domain.slotted import frozen_dataclass
from opentraces.domain.trail.action import Action
from opentraces.domain.trail.crediting import Crediting
from opentraces.domain.trail.observed import ObservedFile, compared
from opentraces.domain.trail.text import Edits, with_plain_ends


@frozen_dataclass
class Sighting:
    """What a file held at a moment, as Git tells it."""

    content: bytes | None
    """None: there was no such file."""

    before: bytes | None
    """What HEAD had of it before. None: it had no such file."""

    moment: int
    """From when on it held that, in milliseconds since 1970; what tools did earlier was before."""

    is_committed: bool = False
    """Whether a commit holds it, which may have been made before what tools did in its second."""


@frozen_dataclass
class _Left:
    content: bytes | None
    """None: there was no such file."""


class ToolStates:
    """What tools left in files of a worktree, as of some moments."""

    def __init__(self, worktree: str, actions: Sequence[Action], edits: Edits) -> None:
        """`actions`: all that is known of those files, in any order."""
        self._worktree = worktree
        self._actions = actions
        self._edits = edits
        self._until: dict[int, Crediting] = {}

    def shell_made(self, path: str, sightings: Sequence[Sighting]) -> ObservedFile | None:
        """Return what became of a file by none of the tools. None: nothing.

        `sightings`: in the order of time. The last of them counts that shows another content than
        tools had left by then; where no tool had touched the file, than it had before all of them.
        Where what tools left does not follow, nothing is said.
        """
        for seen in reversed(sightings):
            left = self._left(path, seen.moment, sightings[0].before)
            if left is None or _is_same(left.content, seen.content):
                continue
            if not self._has_left(path, seen):
                place = f"{self._worktree.rstrip('/')}/{path}"
                plain = _plain(left.content, seen.content)
                return compared(place, plain, seen.content, seen.moment, self._edits)
        return None

    def is_told(self, observed: ObservedFile, path: str) -> bool:
        """Whether this very change is kept: of the same moment, or as the last that happened."""
        theirs = [each for each in self._of(path) if each.operation != "read"]
        last = max(theirs, key=lambda each: each.moment, default=None)
        return any(
            each.patch is None and each.hunks == observed.hunks
            for each in theirs
            if each is last or each.moment == observed.moment
        )

    def _left(self, path: str, until: int, first: bytes | None) -> "_Left | None":
        """Return what tools had left of a file by a moment. None: that does not follow.

        `first`: what HEAD had of it, to which their changes are made where no tool saw it whole.
        """
        known = self._held(path, until)
        if known is not None:
            return _Left(known)
        did = [each for each in self._of(path) if each.moment < until]
        if all(each.operation == "read" or each.patch is None for each in did):
            return _Left(first)
        if first is None:
            return None
        start = min(each.moment for each in did) - 1
        seen = Action(None, start, self._worktree, path, "read", after=first)
        made = Crediting([seen, *did], self._edits).held(self._worktree, path)
        return None if made is None else _Left(made)

    def _held(self, path: str, until: int) -> bytes | None:
        """Return what a file was last known to hold before a moment: see `Crediting.held`."""
        if until not in self._until:
            before = (each for each in self._actions if each.moment < until)
            self._until[until] = Crediting(before, self._edits)
        return self._until[until].held(self._worktree, path)

    def _has_left(self, path: str, seen: Sighting) -> bool:
        """Whether a tool left at some time what a commit holds."""
        if not seen.is_committed:
            return False
        theirs = sorted(self._of(path), key=lambda each: each.moment)
        for number, each in enumerate(theirs, 1):
            if each.patch is None or each.before == seen.content:
                continue
            left = Crediting(theirs[:number], self._edits).held(self._worktree, path)
            if left is not None and _is_same(left, seen.content):
                return True
        return False

    def _of(self, path: str) -> list[Action]:
        place = (self._worktree, path)
        return [each for each in self._actions if (each.worktree, each.path) == place]


def _is_same(before: bytes | None, content: bytes | None) -> bool:
    return (_plain(before, content) or b"") == (content or b"")


def _plain(before: bytes | None, content: bytes | None) -> bytes | None:
    r"""Return a text as Git would keep it, where what it is compared with has no `\r\n`."""
    if before is None or content is None or b"\r\n" in content:
        return before
    return with_plain_ends(before)
