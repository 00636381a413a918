"""What one manifest or lock file says, whatever its format."""

import re
from collections.abc import Iterable, Iterator

from opentraces.domain.environment import Pin
from opentraces.domain.slotted import frozen_dataclass

LONGEST = 8 * 1024 * 1024
"""Bytes of a file above which it is not read."""

MOST = 20_000
"""Packages of one file that are taken."""

_LONGEST_NAME = 256
_LONGEST_LINE = 4096
_NAME = re.compile(r"[^\s\x00-\x1f\x7f-\x9f\ud800-\udfff\"'<>{}|\\^`]+")


@frozen_dataclass
class Declared:
    """What one file says of packages."""

    names: tuple[str, ...] = ()
    """Those that the project asks for itself, each once, sorted."""

    pins: tuple[Pin, ...] | None = None
    """Exact versions, each once, sorted. None: the file is not of the kind that has them."""


class Unreadable(Exception):
    """A text that is not what its name says."""


def declared(names: Iterable[object], pins: Iterable[Pin] | None = None) -> Declared:
    """Put together what was found; what is no name of a package is left out."""
    said = {name for name in names if isinstance(name, str) and is_name(name)}
    if pins is None:
        return Declared(tuple(sorted(said)[:MOST]))
    kept = {_key(pin): pin for pin in pins if is_name(pin.name)}
    return Declared(tuple(sorted(said)[:MOST]), tuple(kept[key] for key in sorted(kept)[:MOST]))


def is_name(text: str) -> bool:
    """Whether it can be the name of a package."""
    return len(text) <= _LONGEST_NAME and _NAME.fullmatch(text) is not None


def word(value: object) -> str | None:
    """Return a short text. None: it is none."""
    is_short = isinstance(value, str) and 0 < len(value) <= 4 * _LONGEST_NAME
    return clean(value) if is_short and isinstance(value, str) else None


def clean(text: str) -> str:
    """Return a text that can be written as UTF-8."""
    return text.encode("utf-8", "replace").decode()


def table(value: object) -> dict[str, object]:
    """Return a table, or an empty one."""
    return value if isinstance(value, dict) else {}


def tables(value: object) -> Iterator[dict[str, object]]:
    """Yield the tables in a list."""
    yield from (each for each in items(value) if isinstance(each, dict))


def items(value: object) -> list[object]:
    """Return a list, or an empty one."""
    return value if isinstance(value, list) else []


def inner(value: object, *keys: str) -> dict[str, object]:
    """Return the table at the end of a path of keys, or an empty one."""
    for key in keys:
        value = table(value).get(key)
    return table(value)


def lines_of(text: str) -> Iterator[str]:
    """Yield the lines; one that is longer than any such file's is left out."""
    return (line for line in text.splitlines() if len(line) <= _LONGEST_LINE)


def without(text: str, start: str, end: str) -> str:
    """Return a text without what stands between two marks, the marks included."""
    parts, at = list[str](), 0
    while (begin := text.find(start, at)) >= 0:
        close = text.find(end, begin + len(start))
        if close < 0:
            break
        parts.append(text[at:begin])
        at = close + len(end)
    return "".join([*parts, text[at:]])


def _key(pin: Pin) -> tuple[str, ...]:
    return (pin.name, *(part or "" for part in (pin.version, pin.source, pin.marker, pin.hash)))
