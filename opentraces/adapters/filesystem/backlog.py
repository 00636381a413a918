"""Whether events wait that no hook will hand to a worker any more. Imports next to nothing."""

import os
import time
from collections.abc import Iterable
from math import inf

_IDLE_S = 10.0
_FORSAKEN_S = 24 * 60 * 60


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


def has_sidecar_backlog(checkouts: Iterable[str], folder: str) -> bool:
    """Whether one in a checkout was not added to for some seconds, but was within a day.

    `folder`: below `.opentraces`, such as `codex-cli/hooks`. One that nobody could take up for so
    long is of no session that its agent knows.
    """
    now = time.time()
    for checkout in checkouts:
        try:
            if _is_idle(f"{checkout}/.opentraces/{folder}", now, _FORSAKEN_S):
                return True
        except OSError:
            continue
    return False


def _is_idle(folder: str, now: float, forsaken_s: float = inf) -> bool:
    with os.scandir(folder) as files:
        return any(
            file.name.endswith((".jsonl", ".jsonl.taken"))
            and file.name != "unknown.jsonl"
            and file.stat(follow_symlinks=False).st_size > 0
            and _IDLE_S < abs(now - file.stat(follow_symlinks=False).st_mtime) < forsaken_s
            for file in files
        )
