"""Text of others, made harmless: a transcript can hold what a terminal obeys.

Terminals act on escape sequences (colours, titles, links, the clipboard) and on single control
characters; marks of writing direction make text look like other text. All of it goes.
"""

import re

_STRINGS = (
    r"(?:\x1b[\]PX^_]|[\x9d\x90\x98\x9e\x9f])"
    r"[^\x07\x1b\x90\x98\x9c-\x9f\n]*(?:\x07|\x1b\\|\x9c)"
)
"""OSC, DCS, SOS, PM and APC: from their introducer to their end, on one line."""

_CONTROLS = r"(?:\x1b\[|\x9b)[0-?]*[ -/]*[@-~]"
"""CSI: colours, cursor movement, modes."""

_ESCAPES = r"\x1b[ -/]*[0-~]"
"""Every other escape; one that was cut short loses only its introducer."""

_SINGLE = (
    "[\x00-\x08\x0b-\x1f\x7f-\x9f"  # controls, but for tab and newline
    "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"  # writing direction
    "\u00ad\u180e\u200b\u2060-\u2064\u206a-\u206f\ufeff"  # of no width, but for joiners
    "\u2028\u2029\ufff9-\ufffb\U000e0000-\U000e0fff]"  # line ends, annotations, tags: unseen
)

_HARMFUL = re.compile(f"{_STRINGS}|{_CONTROLS}|{_ESCAPES}|{_SINGLE}")
_SURROGATE = re.compile("[\ud800-\udfff]")


def plain(text: str) -> str:
    """Return text that a terminal only shows; tabs and newlines stay."""
    return _SURROGATE.sub("\ufffd", _HARMFUL.sub("", text))


def one_line(text: str) -> str:
    """Return plain text without line ends, each run of white space one space."""
    return " ".join(plain(text).split())
