"""Times as agents write them, as numbers that can be compared."""

from datetime import UTC, datetime
from functools import lru_cache

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_LONGEST = 64
_AT_ONCE = 4096
"""Times that are held: what one line says is asked for again by who reads its step."""


@lru_cache(maxsize=_AT_ONCE)
def milliseconds(text: str | None) -> int | None:
    """Return ISO 8601 text as milliseconds since 1970; a time without a zone is taken as UTC.

    None: there is no text, or it is no time.
    """
    if not text or len(text) > _LONGEST:
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    passed = moment - _EPOCH
    return passed.days * 86_400_000 + passed.seconds * 1000 + passed.microseconds // 1000


def iso_text(seconds: int) -> str:
    """Return seconds since 1970 as ISO 8601 in UTC; beyond all calendars, the nearest moment."""
    try:
        moment = datetime.fromtimestamp(seconds, UTC)
    except (OverflowError, ValueError, OSError):
        moment = datetime.max.replace(tzinfo=UTC) if seconds > 0 else _EPOCH
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")
