"""A command whose arguments are free text: `-word` means "not this word"."""

import re
from typing import Any

import click

_OPTION = re.compile(r"--[a-z][a-z-]*(=.*)?")
"""What somebody can have meant as an option; anything else behind dashes was pasted."""


class FreeTextCommand(click.Command):
    """Leaves what begins with one dash to the text; there are no short options but -h."""

    def __init__(self, *args: Any, **attributes: Any) -> None:
        super().__init__(*args, **attributes)
        self.context_settings = {"ignore_unknown_options": True, "help_option_names": ["--help"]}

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Refuse unknown long options beside other text; one alone is a text to be found."""
        end = args.index("--") if "--" in args else len(args)
        options = ["--help" if arg == "-h" else arg for arg in args[:end]]
        known = {name for param in self.get_params(ctx) for name in _names(param)}
        unknown = [
            option
            for option in options
            if _OPTION.fullmatch(option) and option.partition("=")[0] not in known
        ]
        left = super().parse_args(ctx, options + args[end:])
        [text] = [
            ctx.params[str(param.name)]
            for param in self.params
            if isinstance(param, click.Argument)
        ]
        if unknown and len(text) > 1:
            option = unknown[0]
            ctx.fail(f"no option {option}; to search for it → {ctx.command_path} -- {option}")
        return left


def _names(param: click.Parameter) -> list[str]:
    return [*param.opts, *param.secondary_opts]
