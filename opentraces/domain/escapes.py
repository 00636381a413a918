"""Escape sequences of terminals in what tools print: nobody saw them, so nobody looks for them."""

import re

_ESCAPE = "\x1b"
_SEQUENCE = re.compile(
    r"\x1b[\]PX^_][^\x07\x1b\n]*(?:\x07|\x1b\\)"  # links, titles: to their end, on one line
    r"|\x1b\[[0-?]*[ -/]*[@-~]"  # colours, cursor movement
    r"|\x1b[ -/]*[0-~]"  # every other
    r"|\x1b"  # what is left of one that was cut short
)


def without_escapes(text: str) -> str:
    """Return what a terminal showed of a text: words as they were seen."""
    return _SEQUENCE.sub("", text) if _ESCAPE in text else text
