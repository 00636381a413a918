"""Whether events wait that no hook will hand to a worker any more. Imports next to nothing."""

import os
import time

_IDLE_S = 10.0


def has_backlog(spool: str) -> bool:
    """Whether a file of events below `spool` was not added to for some seconds.

    What says that it will be added to was: clocks are set back.
    """
    now = time.time()
    try:
        with os.scandir(spool) as agents:
            return any(_is_idle(entry.path, now) for entry in agents)
    except OSError:
        return False


def _is_idle(folder: str, now: float) -> bool:
    with os.scandir(folder) as files:
        return any(
            file.name.endswith(".jsonl")
            and file.name != "unknown.jsonl"
            and file.stat(follow_symlinks=False).st_size > 0
            and abs(now - file.stat(follow_symlinks=False).st_mtime) > _IDLE_S
            for file in files
        )
