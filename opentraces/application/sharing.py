"""How batches are shared between this process and its helpers: whoever is free takes the next."""

from collections import deque
from collections.abc import Callable, Sequence
from functools import partial

from opentraces.application.batches import batches
from opentraces.application.keep_batch import BatchOrder, KeptBatch
from opentraces.domain.session import FoundSession
from opentraces.ports.helper import Helper

ImportHelper = Helper[BatchOrder, KeptBatch]

SHARED_BYTES = 24 * 1024 * 1024
"""Bytes of sessions from which on helpers are begun: for less, they cost more than they save."""

Here = Callable[[Sequence[FoundSession]], None]
"""Keeps a batch in this process."""

TakeOver = Callable[[BatchOrder, KeptBatch], None]
"""Reports what a helper kept."""


def share_out(
    sessions: Sequence[FoundSession],
    helpers: Sequence[ImportHelper],
    here: Here,
    take_over: TakeOver,
) -> None:
    """Keep sessions, here and by helpers; what a helper could not keep is kept here."""
    left = deque(BatchOrder(each) for each in batches(sessions, 2 if helpers else 1))
    take = partial(_next, left)
    take_over_all = partial(_take_over_all, helpers, here, take_over)
    for helper in helpers:
        helper.begin(take)
    while (order := take()) is not None:
        here(order.sessions)
        take_over_all(wait=False)
    take_over_all(wait=True)


def _next(left: deque[BatchOrder]) -> BatchOrder | None:
    try:
        return left.popleft()
    except IndexError:  # it may be another thread that took the last one
        return None


def _take_over_all(
    helpers: Sequence[ImportHelper], here: Here, take_over: TakeOver, *, wait: bool
) -> None:
    for helper in helpers:
        for order, kept in helper.done(wait=wait):
            if kept is None:
                here(order.sessions)
            else:
                take_over(order, kept)
