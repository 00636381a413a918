"""What was not committed in a worktree when a session began there, as far as it still shows."""

from collections.abc import Mapping, Sequence
from typing import Literal

from opentraces.domain.frozen import Frozen
from opentraces.domain.slotted import frozen_dataclass
from opentraces.domain.trail.action import Action
from opentraces.domain.trail.applying import unapplied
from opentraces.domain.trail.history import CommitId
from opentraces.domain.trail.text import ended, with_plain_ends

MOST_FILES = 200
"""So many files are told at most."""

StartState = Literal["modified", "deleted", "untracked"]
"""The file had another content than in the commit; it was gone, or staged to go; the commit has no
such file, whether it was staged or not."""


class DirtyFile(Frozen):
    """A file that differed from what was checked out."""

    path: str
    """Relative to the worktree, with `/`; of a repository within it, its folder, which ends so."""

    state: StartState
    """How it differed."""


@frozen_dataclass
class WrittenFile:
    """A file that was written, or went, since a moment: itself it tells nothing of before."""

    path: str
    """Relative to the worktree, with `/`."""

    committed: bytes | None
    """What the commit has of it. None: it has no such file."""

    is_readable: bool = True
    """Whether `committed` is known: of a large or a binary file it is not."""


@frozen_dataclass
class Standing:
    """A worktree beside a commit: what of it stood so at a moment, and what does not tell."""

    commit: CommitId | None = None
    """What was checked out then. None: there was no commit yet."""

    dirty: tuple[DirtyFile, ...] = ()
    """Files that nobody wrote since, and that differ; by path."""

    written: tuple[WrittenFile, ...] = ()
    """Files that were written since, whether they differ or not; by path."""

    is_whole: bool = True
    """Whether these are all that there are."""


@frozen_dataclass
class _Held:
    content: bytes | None
    """None: there was no such file."""


Touches = Mapping[str, Sequence[Action]]
"""What tools did to files since a moment, and saw of them, by path; in the order of time."""


def dirty_at_start(
    standing: Standing, touches: Touches, commands_from: int | None
) -> tuple[tuple[DirtyFile, ...], bool]:
    """Return what was not committed, by path, and whether that is all.

    `commands_from`: when the first command may have run, in milliseconds since 1970: what a file
    was seen to hold later may be its work. None: none did.
    """
    found = {each.path: each for each in standing.dirty}
    is_whole = standing.is_whole
    for file in standing.written:
        first = next(iter(touches.get(file.path, ())), None)
        held = _held_before(first) if first is not None and file.is_readable else None
        state = _difference(file.committed, held) if held is not None else None
        is_early = first is not None and (commands_from is None or first.moment < commands_from)
        if state is not None and is_early:
            found[file.path] = DirtyFile(path=file.path, state=state)
        else:
            is_whole = is_whole and held is not None and state is None
    listed = {*found, *(each.path for each in standing.written)}
    is_told = not any(_was_there(did) for path, did in touches.items() if path not in listed)
    files = tuple(found[path] for path in sorted(found))
    return files[:MOST_FILES], is_whole and is_told and len(files) <= MOST_FILES


def _held_before(action: Action) -> _Held | None:
    """Return what a file held before something happened to it. None: that does not follow."""
    if action.operation == "read":
        return None if action.after is None else _Held(action.after)
    if action.had_file is False:
        return _Held(None)
    if action.before is None and action.after is not None and action.hunks:
        before = unapplied(action.after, action.hunks)
        return None if before is None else _Held(before)
    return None if action.before is None else _Held(action.before)


def _difference(committed: bytes | None, held: _Held) -> StartState | None:
    """Return how a file differed from the commit. None: it did not."""
    if held.content is None:
        return None if committed is None else "deleted"
    if committed is None:
        return "untracked"
    return None if as_compared(held.content) == as_compared(committed) else "modified"


def as_compared(text: bytes) -> bytes:
    """Return a text as it is compared: an agent, and Git, may have read its line ends otherwise."""
    return ended(with_plain_ends(text))


def _was_there(did: Sequence[Action]) -> bool:
    """Whether a tool changed a file that was there before, or may have been.

    Git knows no such file any more, or ignores it: which of the two is not known.
    """
    changed = [each for each in did if each.operation != "read"]
    return bool(changed) and changed[0].had_file is not False
