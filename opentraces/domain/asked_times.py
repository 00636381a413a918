"""Times as people ask for them: `1d`, `12h`, `2025-11-14`, `2025-11-14T16:02`."""

from datetime import UTC, datetime, timedelta

from opentraces.domain.errors import BadRequest

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND = timedelta(milliseconds=1)
_UNITS = {"m": "minutes", "h": "hours", "d": "days", "w": "weeks"}


def parse_since(value: str, now: datetime) -> int:
    """Return the time `value` names, in milliseconds since 1970.

    A date or time without a zone is meant in that of `now`, which must have one.

    Raises:
        BadRequest: it is none of the accepted forms.
    """
    moment = _ago(value, now) or _named(value, now)
    if moment is None:
        raise BadRequest(
            f"{value!r} is no time: give 30m, 12h, 1d or 2w, 2025-11-14, or 2025-11-14T16:02"
        )
    return (moment - _EPOCH) // _MILLISECOND


def time_text(milliseconds: int) -> str:
    """Return the text that `parse_since` reads as this time."""
    return (_EPOCH + milliseconds * _MILLISECOND).isoformat()


def _ago(value: str, now: datetime) -> datetime | None:
    number, unit = value[:-1], _UNITS.get(value[-1:])
    if unit is None or not (number.isascii() and number.isdigit()) or len(number) > 9:
        return None
    try:
        return now.astimezone(UTC) - timedelta(**{unit: int(number)})
    except OverflowError:
        return None


def _named(value: str, now: datetime) -> datetime | None:
    if not (value.isascii() and value[:4].isdigit()):
        return None
    try:
        moment = datetime.fromisoformat(value)
        return moment.replace(tzinfo=moment.tzinfo or now.tzinfo).astimezone(UTC)
    except (ValueError, OverflowError):
        return None
