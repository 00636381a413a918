"""What tells that a receiver runs; imports next to nothing."""

from contextlib import closing

from opentraces.adapters.filesystem.locks import Lock, Locks
from opentraces.domain.errors import Busy
from opentraces.entrypoints.settings import Settings

LOCK = "otlp-receiver"
"""Held by the receiver of a home as long as it runs."""

RECORD = "otlp-receiver.json"
"""What the receiver wrote down of itself, in the state folder."""


def is_held(settings: Settings) -> bool:
    """Whether a receiver runs; makes nothing."""
    if not (settings.state / "locks" / LOCK).exists():
        return False
    try:
        with closing(receiver_lock(settings, shared=True)):
            return False
    except Busy:
        return True


def receiver_lock(settings: Settings, *, shared: bool = False) -> Lock:
    """Take the lock that a receiver holds. Raises Busy: one runs."""
    return Locks(settings.state).hold(LOCK, wait=False, shared=shared)
