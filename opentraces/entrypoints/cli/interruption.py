"""Ctrl-C, remembered: on its way through a library it may become any other error."""

import signal
import sys
from types import FrameType
from typing import Any


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
            sys.unraisablehook = _pass_over

    def _interrupt(self, number: int, frame: FrameType | None) -> None:
        self.came = True
        raise KeyboardInterrupt


def _pass_over(lost: Any) -> None:
    """Say nothing of an interruption that Python had to drop: one more will be heard."""
    if not issubclass(lost.exc_type, KeyboardInterrupt):
        sys.__unraisablehook__(lost)
