"""The only way out: lines of text for people, one JSON document for programs."""

import os
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any, TextIO

import orjson

from opentraces.domain.errors import StorageUnavailable
from opentraces.entrypoints.cli.plain import plain
from opentraces.entrypoints.lazy import lazy


class Bold(str):
    """A part of a line that stands out, on a terminal."""

    __slots__ = ()


class Dim(str):
    """A part of a line that steps back, on a terminal."""

    __slots__ = ()


class Good(str):
    """A part of a line that says that all is well, on a terminal."""

    __slots__ = ()


class Odd(str):
    """A part of a line that says that something should be looked at, on a terminal."""

    __slots__ = ()


class Wrong(str):
    """A part of a line that says that something is wrong, on a terminal."""

    __slots__ = ()


_echo, _page, _style = lazy("click:echo"), lazy("click:echo_via_pager"), lazy("click:style")
_context = lazy("click:get_current_context")
"""Imported where a terminal is written to."""

_deep_json = lazy("json:dumps")
"""Imported for what orjson refuses: more than 254 objects and lists in one another."""

Line = tuple[str, ...]
"""Parts that are written one after the other."""

_STYLES: dict[type[str], dict[str, Any]] = {
    Bold: {"bold": True},
    Dim: {"dim": True},
    Good: {"fg": "green"},
    Odd: {"fg": "yellow"},
    Wrong: {"fg": "red", "bold": True},
}


def show(lines: Iterable[Line]) -> None:
    """Print lines; whatever they hold, a terminal only shows it."""
    with _written():
        _write("".join(f"{_styled(line)}\n" for line in lines), sys.stdout)


def page(lines: Iterable[Line]) -> None:
    """Print lines, on a terminal that they do not fit on by means of a pager."""
    height = _size()[1]
    if height is None:
        show(lines)
        return
    text = [f"{_styled(line)}\n" for line in lines]
    with _written():
        if sum(part.count("\n") for part in text) < height:
            _write("".join(text), sys.stdout)
        else:
            _page(text)


def note(message: str) -> None:
    """Say something beside the result."""
    _write(f"{plain(message)}\n", sys.stderr)


def note_on_terminal(message: str) -> None:
    """Say something that only a person who waits wants to know."""
    if sys.stderr.isatty():
        note(message)


def print_json(document: dict[str, Any]) -> None:
    """Print one compact document, however deep."""
    try:
        data = orjson.dumps(document)
    except TypeError:
        data = _deep_json(document, separators=(",", ":")).encode()
    print_bytes(data)


def print_bytes(document: bytes) -> None:
    """Print bytes as they are, and a newline."""
    with _written():
        _write_bytes(document + b"\n", sys.stdout)


def width() -> int | None:
    """Return how many characters fit on a line. None: it is no terminal."""
    return _size()[0]


def has_style() -> bool:
    """Whether colours, and signs in the place of words, are shown: on a terminal that has them."""
    if width() is None:
        return False
    context = _context(silent=True)
    return context is None or context.color is not False


@contextmanager
def _written() -> Iterator[None]:
    """Say that the result could not be written: the disk behind a redirection may be full."""
    try:
        yield
    except BrokenPipeError:
        raise
    except OSError as error:
        raise StorageUnavailable(f"the result cannot be written: {error.strerror}") from error


def _write(text: str, stream: TextIO | None) -> None:
    """Write text; click knows how to where not every character, or no style, can be shown."""
    if stream is None or stream.isatty() or stream.encoding.lower() != "utf-8":
        _echo(text, file=stream, nl=False)
    else:
        stream.write(text)
        stream.flush()


def _write_bytes(data: bytes, stream: TextIO | None) -> None:
    if stream is not None:
        stream.flush()
        stream.buffer.write(data)
        stream.buffer.flush()


def _size() -> tuple[int, int] | tuple[None, None]:
    try:
        columns, lines = os.get_terminal_size(sys.stdout.fileno())
    except (OSError, ValueError):
        return None, None
    return (columns, lines) if columns and lines else (80, 24)


def _styled(line: Line) -> str:
    return "".join(_styles(line))


def _styles(line: Line) -> Iterator[str]:
    is_seen = sys.stdout.isatty()
    for part in line:
        text = plain(part)
        style = _STYLES.get(type(part))
        yield _style(text, **style) if text and style and is_seen else text
