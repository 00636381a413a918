"""The only way out: lines of text for people, one JSON document for programs."""

import os
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

import click
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
        click.echo("".join(f"{_styled(line)}\n" for line in lines), nl=False)


def page(lines: Iterable[Line]) -> None:
    """Print lines, on a terminal that they do not fit on by means of a pager."""
    height = _size()[1]
    if height is None:
        show(lines)
        return
    text = [f"{_styled(line)}\n" for line in lines]
    with _written():
        if sum(part.count("\n") for part in text) < height:
            click.echo("".join(text), nl=False)
        else:
            click.echo_via_pager(text)


def note(message: str) -> None:
    """Say something beside the result."""
    click.echo(plain(message), err=True)


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
        click.echo(document)


def width() -> int | None:
    """Return how many characters fit on a line. None: it is no terminal."""
    return _size()[0]


def has_style() -> bool:
    """Whether colours, and signs in the place of words, are shown: on a terminal that has them."""
    context = click.get_current_context(silent=True)
    return width() is not None and (context is None or context.color is not False)


@contextmanager
def _written() -> Iterator[None]:
    """Say that the result could not be written: the disk behind a redirection may be full."""
    try:
        yield
    except BrokenPipeError:
        raise
    except OSError as error:
        raise StorageUnavailable(f"the result cannot be written: {error.strerror}") from error


def _size() -> tuple[int, int] | tuple[None, None]:
    try:
        columns, lines = os.get_terminal_size(sys.stdout.fileno())
    except (OSError, ValueError):
        return None, None
    return (columns, lines) if columns and lines else (80, 24)


def _styled(line: Line) -> str:
    return "".join(_styles(line))


def _styles(line: Line) -> Iterator[str]:
    for part in line:
        text = plain(part)
        style = _STYLES.get(type(part))
        yield click.style(text, **style) if text and style else text
