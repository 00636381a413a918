"""Objects as the git command reads them: one process for all."""

import re
from collections.abc import Callable, Sequence
from contextlib import ExitStack

from opentraces.adapters.git.conversation import Conversation, EndedEarly
from opentraces.adapters.git.objects import Objects, Stored
from opentraces.domain.trail.history import MOST_BYTES

_ID = re.compile(r"[0-9a-f]{40}|[0-9a-f]{64}")
_READ = ("cat-file", "--batch")

_MOST_ENDED = 8
"""Git ends at an object that is damaged: so many are passed over, then it is the repository."""

Start = Callable[[Sequence[str]], Conversation]
"""Starts a git command on the objects."""


class CommandObjects(Objects):
    """See Objects. The process ends with `running`."""

    def __init__(self, start: Start, running: ExitStack) -> None:
        self._start = start
        self._running = running
        self._reader: Conversation | None = None
        self._ended = 0

    def read(self, name: str) -> Stored | None:
        """See Objects."""
        if not _ID.fullmatch(name):
            return None
        if self._reader is None:
            self._reader = self._running.enter_context(self._start(_READ))
        try:
            return _answer(self._reader, name)
        except EndedEarly:
            self._reader = None
            self._ended += 1
            if self._ended > _MOST_ENDED:
                raise
            return None


def _answer(reader: Conversation, name: str) -> Stored | None:
    reader.say(name)
    said = reader.until(b"\n").split(b" ")
    if len(said) != 3:
        return None
    kind, size = said[1].decode("ascii", "replace"), int(said[2])
    if size > MOST_BYTES:
        reader.drop(size + 1)
        return None
    return Stored(kind, reader.take(size + 1)[:-1])
