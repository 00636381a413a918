"""How far a long import has come, for a person who waits."""

import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from time import monotonic

from opentraces.entrypoints.lazy import lazy

_SILENT_SECONDS = 0.5
_SILENT_BYTES = 20_000_000

_bar = lazy("opentraces.entrypoints.cli.byte_bar:byte_bar")
"""Imported when it is needed: rich takes longer than a whole import of nothing new."""


@contextmanager
def shown_progress() -> Iterator[Callable[[int, int], None]]:
    """Give what is to be told of bytes done; draws only on a terminal, and only when it lasts."""
    with ExitStack() as stack:
        yield _Progress(stack) if sys.stderr.isatty() else _ignore


def _ignore(done: int, total: int) -> None:
    """Nobody is there to see it."""


class _Progress:
    """Begins to draw when the import turns out to be long."""

    def __init__(self, stack: ExitStack) -> None:
        self._stack = stack
        self._since = monotonic()
        self._draw: Callable[[int, int], None] | None = None

    def __call__(self, done: int, total: int) -> None:
        is_long = total > _SILENT_BYTES or monotonic() - self._since > _SILENT_SECONDS
        if self._draw is None and is_long and done < total:
            self._draw = self._stack.enter_context(_bar())
        if self._draw is not None:
            self._draw(done, total)
