"""Start what keeps waiting events, and let it go."""

import os
import sys
from collections.abc import Mapping
from pathlib import Path

_WRITE = os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_NONBLOCK | os.O_CLOEXEC


def start_ingest(log: Path, environment: Mapping[str, str]) -> None:
    """Start `opentraces ingest` in a session of its own; whatever it says is in `log`.

    Nothing in the folder that the command was run from is imported by it.
    """
    descriptor = os.open(log, _WRITE, 0o600)
    try:
        os.posix_spawn(
            sys.executable,
            [sys.executable, "-P", "-m", "opentraces", "ingest"],
            environment,
            file_actions=[
                (os.POSIX_SPAWN_OPEN, 0, os.devnull, os.O_RDONLY, 0),
                (os.POSIX_SPAWN_DUP2, descriptor, 1),
                (os.POSIX_SPAWN_DUP2, descriptor, 2),
            ],
            setsid=True,
        )
    finally:
        os.close(descriptor)
