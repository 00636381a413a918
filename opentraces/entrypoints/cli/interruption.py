"""Ctrl-C, remembered and repeated: on its way through a library it may become something else."""

import signal
import sys
import time
from _thread import get_ident, start_new_thread
from types import FrameType
from typing import Any

_AGAIN_S = 1.0
"""After that a person would press once more."""


class Interruption:
    """Whether this process was asked to stop. Around what it stops, it is told as that alone.

    A serializer in Rust, a class that is being made and a clean-up that fails each turn
    KeyboardInterrupt into an error of their own, which would be told as a damaged disk or a bug. A
    comparison within such a serializer, and a callback of a weak reference, lose it.
    """

    def __init__(self) -> None:
        self.came = False
        """Whether it was; what goes wrong after that is no news to anybody."""

    def __enter__(self) -> None:
        """Nothing happens until somebody asks."""

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: object
    ) -> None:
        """Raise KeyboardInterrupt in the place of whatever error it became."""
        if self.came and isinstance(error, Exception):
            raise KeyboardInterrupt from error

    def watch(self) -> None:
        """Notice from now on; where the process was started to ignore it, it still does."""
        if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
            signal.signal(signal.SIGINT, self._interrupt)
            sys.unraisablehook = _pass_over

    def _interrupt(self, number: int, frame: FrameType | None) -> None:
        if not self.came:
            self.came = True
            start_new_thread(_repeat, (get_ident(),))
        raise KeyboardInterrupt


def _repeat(thread: int) -> None:
    """Interrupt a thread once more, and again, for as long as the process goes on."""
    while True:
        time.sleep(_AGAIN_S)
        signal.pthread_kill(thread, signal.SIGINT)


def _pass_over(lost: Any) -> None:
    """Say nothing of an interruption that Python had to drop: it comes again."""
    if not issubclass(lost.exc_type, KeyboardInterrupt):
        sys.__unraisablehook__(lost)
