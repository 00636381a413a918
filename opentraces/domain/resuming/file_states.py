"""What files held at a moment, out of what a session did to them until then."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import field

from opentraces.domain.slotted import frozen_dataclass, mutable_dataclass
from opentraces.domain.trail.action import Action
from opentraces.domain.trail.applying import applied, unapplied
from opentraces.domain.trail.start import as_compared
from opentraces.domain.trail.text import with_plain_ends

NOT_KNOWN = "what it held then is not known"
COMMITTED_LATER = "the commit has what the session did not write"


@frozen_dataclass
class FileState:
    """A file that differs from what is committed."""

    path: str
    """Relative to the worktree, with `/`."""

    content: bytes | None
    """What it held. None: there was no such file."""


@frozen_dataclass
class LeftFile:
    """A file that stays as it is committed, although the session had to do with it."""

    path: str
    """Relative to the worktree, with `/`."""

    reason: str
    """Why, in words."""


@frozen_dataclass
class _Told:
    """What a file held. `content`, None: there was no such file."""

    content: bytes | None


@mutable_dataclass
class _File:
    """One file from moment to moment; `now`, None: what it holds is not known."""

    now: _Told | None = None
    seen: list[_Told] = field(default_factory=list)

    @property
    def text(self) -> bytes | None:
        """What it holds. None: there is no such file, or it is not known."""
        return self.now.content if self.now is not None else None

    def hold(self, told: _Told | None) -> None:
        """Take what it holds now."""
        self.now = told
        if told is not None:
            self.seen.append(told)


def file_states(
    actions: Iterable[Action],
    at_start: Mapping[str, bytes] | None,
    at_step: Mapping[str, bytes],
) -> tuple[tuple[FileState, ...], tuple[LeftFile, ...]]:
    """Return the files that differed from a commit, and those that stay as it has them; by path.

    `actions`: of one worktree, in any order. `at_start`: what files held in the commit that the
    session began at; None: it is not known. `at_step`: in the one that is checked out. What is
    missing is not there.
    """
    files: dict[str, _File] = {}
    for action in sorted(actions, key=lambda each: each.moment):
        _take(action, files, at_start)
    states: list[FileState] = []
    left: list[LeftFile] = []
    for path, file in sorted(files.items()):
        committed = _Told(at_step.get(path))
        if file.now is None:
            left.append(LeftFile(path, NOT_KNOWN))
        elif not _is_same(file.now, committed):
            if any(_is_same(committed, each) for each in file.seen):
                states.append(FileState(path, file.now.content))
            else:
                left.append(LeftFile(path, COMMITTED_LATER))
    return tuple(states), tuple(left)


def _take(action: Action, files: dict[str, _File], at_start: Mapping[str, bytes] | None) -> None:
    def of(path: str) -> _File:
        if path not in files:
            files[path] = _File()
            if at_start is not None:
                files[path].hold(_Told(at_start.get(path)))
        return files[path]

    file = of(action.path)
    if action.operation == "read":
        if action.after is not None:
            file.hold(_Told(_as_ended(action.after, file.text)))
        return
    if action.moved_from is not None and action.moved_from != action.path:
        origin = of(action.moved_from)
        file.now = origin.now
        origin.hold(_Told(None))
    before = _before(action)
    if before is not None:
        held = before.content
        file.hold(before if held is None else _Told(_as_ended(held, file.text)))
    file.hold(_held_after(action, file.now))


def _before(action: Action) -> _Told | None:
    """Return what the file held before. None: not told, and it does not follow."""
    if action.had_file is False:
        return _Told(None)
    if action.before is None and action.after is not None and action.hunks:
        before = unapplied(action.after, action.hunks)
        return None if before is None else _Told(before)
    return None if action.before is None else _Told(action.before)


def _held_after(action: Action, before: _Told | None) -> _Told | None:
    """Return what the file held then. None: not told, and it does not follow."""
    if action.operation == "delete":
        return _Told(None)
    old = before.content if before is not None else None
    if action.after is not None:
        return _Told(_as_ended(action.after, old))
    if before is None or not action.hunks:
        return None
    held = _put_in(old or b"", action)
    return None if held is None else _Told(held)


def _put_in(text: bytes, action: Action) -> bytes | None:
    """Return a text with the hunks of an action in it. None: they do not fit."""
    is_told_plain = not any("\r" in line for hunk in action.hunks for line in hunk.lines)
    old = with_plain_ends(text) if is_told_plain and _ends_in_returns(text) else text
    held = applied(old, action.hunks, is_old=action.before is None)
    if held is None:
        return None
    if text and not text.endswith(b"\n"):  # whether the last line ends is not told
        held = held.removesuffix(b"\n")
    return _as_ended(held, text)


def _as_ended(text: bytes, old: bytes | None) -> bytes:
    r"""Return a text with the line ends of the file before: agents read and tell `\r\n` as `\n`."""
    if old is None or b"\r" in text or not _ends_in_returns(old):
        return text
    return text.replace(b"\n", b"\r\n")


def _ends_in_returns(text: bytes) -> bool:
    r"""Whether all lines of a text end in `\r\n`."""
    return b"\n" in text and text.count(b"\r\n") == text.count(b"\n")


def _is_same(one: _Told, other: _Told) -> bool:
    if one.content is None or other.content is None:
        return one.content == other.content
    return as_compared(one.content) == as_compared(other.content)


def paths_of(actions: Sequence[Action]) -> tuple[str, ...]:
    """Return every path that actions name, ascending."""
    named = {each.path for each in actions}
    return tuple(sorted(named | {each.moved_from for each in actions if each.moved_from}))
