"""Text of others in Markdown: shown as it is, and read as nothing else.

In code neither HTML nor links, mentions and references to issues mean anything, so all that is not
ours is code, between more backticks than it holds.
"""

import re
from collections.abc import Iterator
from textwrap import wrap

from opentraces.entrypoints.cli.plain import one_line, plain

_TICKS = re.compile("`+")
_FEWEST = 3


def code(text: str) -> str:
    """Return text as code within a line; of nothing, nothing."""
    line = one_line(text)
    if not line:
        return ""
    ticks = "`" * (_longest(line) + 1)
    space = " " if line[0] == "`" or line[-1] == "`" else ""
    return f"{ticks}{space}{line}{space}{ticks}"


def quoted(text: str, most_lines: int, columns: int) -> Iterator[str]:
    """Yield the first lines of a text as a block of code; of nothing, nothing.

    Long ones are wrapped; where there are more, the last one says so.
    """
    found = plain(text).expandtabs(4).strip("\n").rstrip().split("\n")
    rows = [part for line in found for part in _wrapped(line, columns)]
    if not any(rows):
        return
    shown = rows if len(rows) <= most_lines else [*rows[: most_lines - 1], "…"]
    ticks = "`" * max(_longest("\n".join(shown)) + 1, _FEWEST)
    yield f"{ticks}text"
    yield from shown
    yield ticks


def _wrapped(line: str, columns: int) -> list[str]:
    """Return a line as several that are no longer than so many characters."""
    found = wrap(
        line, columns, break_on_hyphens=False, replace_whitespace=False, drop_whitespace=False
    )
    return found or [""]


def _longest(text: str) -> int:
    return max(map(len, _TICKS.findall(text)), default=0)
