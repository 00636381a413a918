"""How the numbers of a run of tests are found in what it printed."""

import re


def last_of(pattern: re.Pattern[str], text: str) -> re.Match[str] | None:
    """Return the last place where a pattern matches. None: nowhere."""
    last = None
    for last in pattern.finditer(text):  # noqa: B007 - the last one is what is wanted
        pass
    return last


def number_of(text: str | None) -> int:
    """Return a number that may not be written where it is 0."""
    return int(text or 0)
