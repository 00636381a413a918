"""Waiting for what will be so, and never for a while."""

import time
from collections.abc import Callable

_PAUSE_S = 0.02


def wait_until(is_so: Callable[[], object], what: Callable[[], str], limit_s: float = 60) -> None:
    """Return as soon as something is so; fail when it is not in time.

    `what` is asked for words on it only then.
    """
    limit = time.monotonic() + limit_s
    while not is_so():
        assert time.monotonic() < limit, f"not so within {limit_s} s: {what()}"
        time.sleep(_PAUSE_S)
