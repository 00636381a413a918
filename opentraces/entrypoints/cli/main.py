"""The program: resolve a command by name, and translate errors to exit codes."""

import os
import sys
from contextlib import nullcontext
from typing import Any

import click

from opentraces import __version__
from opentraces.domain.errors import OpentracesError
from opentraces.entrypoints.cli import exit_codes
from opentraces.entrypoints.cli.commands import overview
from opentraces.entrypoints.cli.ending import exit_code, message
from opentraces.entrypoints.cli.following import keep_up
from opentraces.entrypoints.cli.groups import LazyGroup
from opentraces.entrypoints.cli.interruption import Interruption
from opentraces.entrypoints.cli.output import note
from opentraces.entrypoints.cli.plain import one_line
from opentraces.entrypoints.lazy import lazy

_format_exception = lazy("traceback:format_exception")
"""Imported when somebody wants to see where an error comes from."""

_TYPED = "opentraces.typed"
"""Under this name a command line is remembered while it runs."""


class Program(LazyGroup):
    """The group of all commands."""

    def get_help(self, ctx: click.Context) -> str:
        """Return the text that is also printed before click is imported."""
        return overview().rstrip("\n")

    def main(self, *args: Any, **extra: Any) -> Any:
        """Run a command line, print what it ends with on stderr, and exit."""
        try:
            code = super().main(*args, **{**extra, "standalone_mode": False})
        except click.Abort:
            code = _say("interrupted", exit_codes.INTERRUPTED)
        except click.ClickException as error:
            code = _say(_advised(error), exit_codes.BAD_REQUEST)
        sys.exit(code if isinstance(code, int) else exit_codes.DONE)

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Read the options of all commands, and remember what else was typed."""
        ctx.meta[_TYPED] = tuple(args)
        return super().parse_args(ctx, args)

    def invoke(self, ctx: click.Context) -> Any:
        """Run a command; what goes wrong in it becomes an exit code."""
        keep_up(ctx.meta[_TYPED])
        try:
            with ctx.obj or nullcontext():
                result = super().invoke(ctx)
                sys.stdout.flush()
        except BrokenPipeError:
            _let_go_of_stdout()
            ctx.exit(exit_codes.PIPE_CLOSED)
        except (OpentracesError, OSError) as error:
            if ctx.params["debug"]:
                note("".join(_format_exception(error)).rstrip())
            ctx.exit(_say(message(error), exit_code(error)))
        return result


def _say(said: str, code: int) -> int:
    click.echo(f"opentraces: {one_line(said)}", err=True)
    return code


def _advised(error: click.ClickException) -> str:
    """Return the message in our form, with where to read on."""
    said = error.format_message().rstrip(".")
    said = said[:1].lower() + said[1:]
    ctx = getattr(error, "ctx", None)
    return said if ctx is None or "→" in said else f"{said} → {ctx.command_path} --help"


def _let_go_of_stdout() -> None:
    """What is still waiting to be written would fail again when Python ends."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, sys.stdout.fileno())
    os.close(nowhere)


# Click reads the two variables: only `settings` does it otherwise.
@click.group(cls=Program)
@click.option("--debug", is_flag=True, help="Show where an error comes from.")
@click.option("--no-color", envvar="NO_COLOR", hidden=True, help="Any text: no colours.")
@click.option("--term", envvar="TERM", hidden=True, help="The kind of terminal.")
@click.version_option(__version__, message="%(prog)s %(version)s")
@click.pass_context
def cli(ctx: click.Context, debug: bool, no_color: str | None, term: str | None) -> None:
    """Keep coding-agent sessions verbatim in a private bucket, and find them again."""
    if no_color or term == "dumb":
        ctx.color = False


def run(interruption: Interruption) -> int:
    """Run the command line of this process; returns what it ends with."""
    try:
        cli.main(prog_name="opentraces", obj=interruption)
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else exit_codes.DONE
    return exit_codes.DONE
