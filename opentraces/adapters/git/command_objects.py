"""Objects as the git command reads them: one process that reads, and one that compares."""

import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack

from opentraces.adapters.git.conversation import Conversation
from opentraces.adapters.git.objects import Entry, Objects, Stored, delta
from opentraces.domain.errors import RepositoryUnreadable
from opentraces.domain.trail.deltas import Delta
from opentraces.domain.trail.history import MOST_BYTES, ObjectId

_ID = re.compile(r"[0-9a-f]{40}|[0-9a-f]{64}")
_EMPTY = {
    "sha1": "4b825dc642cb6eb9a060e54bf8d69288fbee4904",
    "sha256": "6ef19b41225c5369f1c104d45d8d85efa9b057b53b14b4b9b939dd74decc5321",
}
_READ = ("cat-file", "--batch")
_COMPARE = ("diff-tree", "--stdin", "--raw", "-r", "-z", "--no-ext-diff", "--no-textconv")
_PLAIN = ((*_COMPARE, "--no-renames"),)
_ONLY_EQUAL = (*_COMPARE, "-M100%", "-l1000")
_RENAMES = ((*_COMPARE, "-M50%", "-l1000"), _ONLY_EQUAL, _ONLY_EQUAL)
"""Where a content is not there, the first ends when it would look how much of it is the same."""

_END = b"that was all"
_PAIRED = (b"R", b"C")

Start = Callable[[Sequence[str]], Conversation]
"""Starts a git command on the objects."""


class CommandObjects(Objects):
    """See Objects. The processes end with `running`."""

    def __init__(self, start: Start, running: ExitStack, object_format: str) -> None:
        """`object_format`: `sha1` or `sha256`."""
        self._start = start
        self._running = running
        self._empty = _EMPTY[object_format]
        self._reader: Conversation | None = None
        self._plain = _Comparing(start, running, _PLAIN)
        self._renames = _Comparing(start, running, _RENAMES)

    def read(self, name: str) -> Stored | None:
        """See Objects."""
        if not _ID.fullmatch(name):
            return None
        if self._reader is None:
            self._reader = self._running.enter_context(self._start(_READ))
        self._reader.say(name)
        said = self._reader.until(b"\n").split(b" ")
        if len(said) != 3:
            return None
        kind, size = said[1].decode("ascii", "replace"), int(said[2])
        if size > MOST_BYTES:
            self._reader.drop(size + 1)
            return None
        return Stored(kind, self._reader.take(size + 1)[:-1])

    def compare(self, old: ObjectId | None, new: ObjectId, *, renames: bool) -> Sequence[Delta]:
        """See Objects. Where some content is not there, from then on only equal files are one."""
        for tree in (old, new):
            stored = None if tree is None else self.read(tree)
            if tree is not None and (stored is None or stored.kind != "tree"):
                raise KeyError(tree)
        comparing = self._renames if renames else self._plain
        return comparing.ask(f"{old or self._empty} {new}")


class _Comparing:
    """A process that compares trees; when it ends early, the next of some others."""

    def __init__(self, start: Start, running: ExitStack, ways: Sequence[Sequence[str]]) -> None:
        self._start = start
        self._running = running
        self._ways = [*ways]
        self._process: Conversation | None = None

    def ask(self, trees: str) -> Sequence[Delta]:
        """Raises KeyError: every process has ended early."""
        while self._process is not None or self._ways:
            if self._process is None:
                self._process = self._running.enter_context(self._start(self._ways.pop(0)))
            try:
                self._process.say(f"{trees}\n{_END.decode()}")
                return list(_deltas(self._process))
            except RepositoryUnreadable:
                self._process = None
        raise KeyError(trees)


def _deltas(process: Conversation) -> Iterator[Delta]:
    process.until(b"\n")  # the trees
    while process.peek() == b":":
        old_mode, new_mode, old, new, status = process.until(b"\0").lstrip(b":").split(b" ")
        path = process.until(b"\0")
        moved = process.until(b"\0") if status[:1] in _PAIRED else path
        found = delta(
            Entry(path, int(old_mode, 8), old.decode("ascii")),
            Entry(moved, int(new_mode, 8), new.decode("ascii")),
        )
        if found is not None:
            yield found
    if process.until(b"\n") != _END:
        raise RepositoryUnreadable("git does not answer as it should")
