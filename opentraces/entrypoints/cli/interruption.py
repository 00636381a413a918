"""Ctrl-C, remembered: on its way through a library it may become any other error."""

import signal
import sys
import time
from _thread import get_ident, start_new_thread
from types import FrameType
from typing import Any

_MOMENT_S = 0.02


class Interruption:
    """Whether this process was asked to stop.

    A serializer in Rust, a class that is being made and a clean-up that fails each turn
    KeyboardInterrupt into an error of their own, which would be told as a damaged disk or a bug.
    """

    def __init__(self) -> None:
        self.came = False
        """Whether it was; what goes wrong after that is no news to anybody."""

    def watch(self) -> None:
        """Notice from now on; where the process was started to ignore it, it still does."""
        if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
            signal.signal(signal.SIGINT, self._interrupt)
            sys.unraisablehook = _take_up_again

    def _interrupt(self, number: int, frame: FrameType | None) -> None:
        self.came = True
        raise KeyboardInterrupt


def _take_up_again(lost: Any) -> None:
    """Interrupt once more, a moment later, where Python had to drop an interruption.

    Nothing can be raised from a callback of a weak reference, of which imports have many.
    """
    if issubclass(lost.exc_type, KeyboardInterrupt):
        start_new_thread(_interrupt_soon, (get_ident(),))
    else:
        sys.__unraisablehook__(lost)


def _interrupt_soon(thread: int) -> None:
    time.sleep(_MOMENT_S)
    signal.pthread_kill(thread, signal.SIGINT)
