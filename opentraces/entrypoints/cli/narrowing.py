"""The fields of a query as options: `--tool Bash` asks for what `tool:Bash` asks for."""

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from typing import Any

import click

from opentraces.domain.asked_times import parse_since
from opentraces.domain.errors import BadRequest
from opentraces.domain.query import Clause, Field, Query
from opentraces.domain.query_fields import read_field
from opentraces.domain.query_text import parse_query

_OPTIONS = {
    Field.AGENT: ("NAME", "Only sessions of this agent: claude-code, codex-cli, hermes, pi."),
    Field.PROJECT: ("NAME", "Only sessions in this project: a folder, or its name."),
    Field.TOOL: ("NAME", "Only steps that call this tool; * stands for any letters."),
    Field.FILE: ("PATTERN", "Only steps that name such a file: src/**, *.py, upload.py."),
    Field.MODEL: ("NAME", "Only steps that this model answered."),
}
_TIMES = {
    "since": "Only what is newer: 30m, 12h, 1d, 2w, 2025-11-14, 2025-11-14T16:02.",
    "until": "Only what is older; the same forms.",
}

Decorated = Callable[..., Any]


def narrowing_options(command: Decorated) -> Decorated:
    """Give a command an option for each field and each bound of time."""
    command = click.option(
        "--error/--no-error", default=None, help="Only steps in which something failed, or not."
    )(command)
    for name, text in reversed(_TIMES.items()):
        command = click.option(f"--{name}", metavar="TIME", help=text)(command)
    for field, (metavar, text) in reversed(_OPTIONS.items()):
        command = click.option(f"--{field.value}", metavar=metavar, help=text)(command)
    return command


def query_of(text: str, options: Mapping[str, str | bool | None], now: datetime) -> Query:
    """Return what a text and options ask for together. Raises BadRequest."""
    asked = parse_query(text, now=now)
    bounds = {name: _bound(options, name, now) for name in _TIMES}
    since = [moment for moment in (asked.since, bounds["since"]) if moment is not None]
    until = [moment for moment in (asked.until, bounds["until"]) if moment is not None]
    return Query(
        clauses=(*asked.clauses, *_clauses(options)),
        since=max(since, default=None),
        until=min(until, default=None),
    )


def _bound(options: Mapping[str, str | bool | None], name: str, now: datetime) -> int | None:
    value = options.get(name)
    return parse_since(value, now) if isinstance(value, str) else None


def _clauses(options: Mapping[str, str | bool | None]) -> Iterator[Clause]:
    for field in Field:
        value = options.get(field.value)
        if value is None:
            continue
        said = str(value).lower() if isinstance(value, bool) else value
        clause = read_field(field.value, said, quoted=True)
        if clause is None:
            raise BadRequest(f"--{field.value} {said!r} names nothing")
        yield clause
