"""Run our program, and press Ctrl-C at one call of a function: `python interrupting.py AT …`.

AT is the number of a call of a function written in Python, from 1, or the name of such a function,
as `Frozen.__eq__`. At the end, the last line of standard error is how many calls there were.
"""

import os
import signal
import sys
from types import FrameType
from typing import Any

from opentraces.entrypoints.cli import entry


class Presser:
    """Raises the signal once."""

    def __init__(self, at: str) -> None:
        self.at = at
        self.calls = 0

    def __call__(self, frame: FrameType, event: str, value: Any) -> None:
        if event != "call":
            return
        self.calls += 1
        if self.at in (str(self.calls), frame.f_code.co_qualname):
            sys.setprofile(None)
            signal.raise_signal(signal.SIGINT)


def main(at: str, *arguments: str) -> None:
    presser = Presser(at)
    leave = os._exit

    def tell(code: int) -> None:
        sys.setprofile(None)
        sys.stderr.write(f"{presser.calls}\n")
        sys.stderr.flush()
        leave(code)

    os._exit = tell  # type: ignore[assignment]
    sys.argv[1:] = arguments
    sys.setprofile(presser)
    entry.main()


if __name__ == "__main__":
    main(*sys.argv[1:])
