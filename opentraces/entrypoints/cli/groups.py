"""Groups of commands that import a command when it is called."""

from importlib import import_module
from typing import Any, NoReturn

import click

from opentraces.entrypoints.cli.commands import COMMANDS, GROUPS, below

HELP = {"help_option_names": ["-h", "--help"]}


class LazyGroup(click.Group):
    """The commands below a prefix, as `commands.COMMANDS` lists them."""

    def __init__(self, prefix: str = "", **attributes: Any) -> None:
        super().__init__(context_settings=HELP, **attributes)
        self.prefix = prefix

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names, in the order of the table."""
        return list(below(self.prefix))

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import a command, or make a group."""
        name = self.prefix + cmd_name
        if name in GROUPS:
            return LazyGroup(f"{name} ", name=cmd_name, help=GROUPS[name])
        if name not in COMMANDS:
            return None
        module, _, attribute = COMMANDS[name][0].partition(":")
        command: click.Command = getattr(import_module(module), attribute)
        command.context_settings = {**HELP, **command.context_settings}
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write names and summaries without importing a command."""
        with formatter.section("Commands"):
            formatter.write_dl(list(below(self.prefix).items()))

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Show help when nothing is asked for."""
        if not args and not ctx.resilient_parsing:
            click.echo(ctx.get_help())
            ctx.exit()
        return super().parse_args(ctx, args)

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command that is called; of an unknown one, say what may have been meant."""
        name = args[0]
        if not ctx.resilient_parsing and name not in below(self.prefix) and name[:1] != "-":
            _refuse(ctx, self.prefix + name)
        return super().resolve_command(ctx, args)

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[Any]:
        """Complete names without importing a command."""
        item = import_module("click.shell_completion").CompletionItem
        names = [
            item(name, help=summary)
            for name, summary in below(self.prefix).items()
            if name.startswith(incomplete)
        ]
        return names + click.Command.shell_complete(self, ctx, incomplete)


def _refuse(ctx: click.Context, name: str) -> NoReturn:
    last = name.rpartition(" ")[2]
    near = import_module("difflib").get_close_matches(name, [*COMMANDS, *GROUPS], n=1) or [
        command for command in COMMANDS if last in command.split()
    ]
    hint = f" → opentraces {near[0]}" if near else " → opentraces --help"
    ctx.fail(f"no command {name!r}{hint}")
