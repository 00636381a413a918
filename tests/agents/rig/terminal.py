"""A client in a terminal of its own, as a person sees and types it."""

import fcntl
import os
import re
import struct
import subprocess
import termios
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from pty import openpty
from threading import Thread

from tests.agents.rig.waiting import wait_until

_ESCAPES = re.compile(rb"\x1b(\[[0-9;?<>=]*[A-Za-z]|\][^\x07\x1b]*(\x07|\x1b\\)|.)")
_ROWS, _COLUMNS = 50, 160
_TIMES, _A_MOMENT_S, _PAUSE_S = 10, 8, 0.02
ENTER, ESCAPE = b"\r", b"\x1b"
READY = "\u276f"
"""What is shown when the client waits for a prompt."""


class Terminal:
    """What a client shows, and the keys it is sent."""

    def __init__(self, keyboard: int, process: subprocess.Popen[bytes]) -> None:
        self._keyboard = keyboard
        self.process = process
        self._shown = b""
        self._read_up_to = 0

    def press(self, keys: bytes) -> None:
        """Send keys; what is shown after them is new."""
        self._read_up_to = len(self._shown)
        os.write(self._keyboard, keys)

    def insist(self, keys: bytes, text: str) -> None:
        """Send keys until something new is shown that has this text, whatever the spaces.

        A client that has just asked passes over keys for a moment, lest they were meant otherwise.
        They are sent again only when a busy machine, too, would have shown it: twice, they may say
        something else.
        """
        wanted = "".join(text.split())
        self._read_up_to = len(self._shown)
        for _ in range(_TIMES):
            os.write(self._keyboard, keys)
            limit = time.monotonic() + _A_MOMENT_S
            while time.monotonic() < limit:
                if wanted in self.new:
                    return
                time.sleep(_PAUSE_S)
        raise AssertionError(f"{text!r}; shown: {self.new[-500:]!r}")

    def enter(self, text: str) -> None:
        """Type a line, and send it once it is shown."""
        self.press(text.encode())
        self.wait_for(text)
        self.press(ENTER)

    def wait_for(self, text: str) -> None:
        """Return when something new is shown that has this text, whatever the spaces."""
        wanted = "".join(text.split())
        wait_until(lambda: wanted in self.new, lambda: f"{text!r}; shown: {self.new[-500:]!r}")

    @property
    def new(self) -> str:
        """What was shown since the last key, without spaces: the client moves instead."""
        plain = _ESCAPES.sub(b"", self._shown[self._read_up_to :])
        return "".join(plain.decode(errors="replace").split())

    def wait(self) -> int:
        """Wait for the client's end; returns its exit code."""
        return self.process.wait(60)

    def watch(self) -> None:
        """Take in what is shown until the client is gone."""
        while True:
            try:
                piece = os.read(self._keyboard, 1 << 16)
            except OSError:  # the other end is closed
                return
            if not piece:
                return
            self._shown += piece


@contextmanager
def in_terminal(
    command: Sequence[str], folder: Path, environment: Mapping[str, str]
) -> Iterator[Terminal]:
    """Start a client in a terminal; it is ended when the block is left."""
    ours, theirs = openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", _ROWS, _COLUMNS, 0, 0))
    process = subprocess.Popen(
        command,
        cwd=folder,
        env={**environment, "TERM": "xterm-256color"},
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        start_new_session=True,
    )
    os.close(theirs)
    terminal = Terminal(ours, process)
    watcher = Thread(target=terminal.watch)
    watcher.start()
    try:
        yield terminal
    finally:
        process.kill()
        process.wait()
        watcher.join()
        os.close(ours)
