"""The fields of a query as options: `--tool Bash` asks for what `tool:Bash` asks for."""

from collections.abc import Callable
from typing import Any

import click

from opentraces.domain.query import Field

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
