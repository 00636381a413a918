"""Numbers, sizes and times as people read them."""

from datetime import UTC, datetime

from opentraces.domain.amounts import ago, count, lasting, size

__all__ = ["ago", "clock", "count", "lasting", "moment", "size"]


def moment(text: str | None) -> str:
    """Return when something was, in the zone of the reader; a time that is none, as it is."""
    local = _local(text)
    if local is None:
        return text or "at no known time"
    is_this_year = local.year == datetime.now(UTC).astimezone().year
    return f"{local:%b %d %H:%M}" if is_this_year else f"{local:%Y-%m-%d %H:%M}"


def clock(text: str | None) -> str:
    """Return the time of day, in the zone of the reader; nothing, where none is known."""
    local = _local(text)
    return "" if local is None else f"{local:%H:%M:%S}"


def _local(text: str | None) -> datetime | None:
    try:
        found = datetime.fromisoformat(text or "")
        return found.replace(tzinfo=found.tzinfo or UTC).astimezone()
    except (ValueError, OverflowError):
        return None
