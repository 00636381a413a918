"""Numbers, sizes and spans of time as people read them."""

from datetime import datetime

_STEP = 1000
_UNITS = ("bytes", "kB", "MB", "GB", "TB")


def count(number: int, noun: str) -> str:
    """Return `1,204 traces`, or `1 trace`."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


def size(number: int) -> str:
    """Return `41 MB`, with one digit after the point below ten."""
    value = float(number)
    for unit in _UNITS:
        if value < _STEP or unit == _UNITS[-1]:
            break
        value /= _STEP
    return f"{value:.1f} {unit}" if value < 10 and unit != "bytes" else f"{value:,.0f} {unit}"


def lasting(seconds: float) -> str:
    """Return `31 min`, `2 h 5 min` or `12 s`."""
    whole = round(seconds)
    if whole < 60:
        return f"{whole} s"
    hours, minutes = divmod(whole // 60, 60)
    return f"{hours:,} h {minutes} min" if hours else f"{minutes} min"


def ago(then: datetime, now: datetime) -> str:
    """Return `4 minutes ago`; of what is yet to come, `just now`: clocks are set back."""
    seconds = (now - then).total_seconds()
    for length, noun in ((86400, "day"), (3600, "hour"), (60, "minute")):
        if seconds >= length:
            return f"{count(int(seconds // length), noun)} ago"
    return "just now"
