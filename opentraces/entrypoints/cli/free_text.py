"""A command whose arguments are free text: `-word` means "not this word"."""

from typing import Any

import click


class FreeTextCommand(click.Command):
    """Leaves what begins with one dash to the text; there are no short options but -h."""

    def __init__(self, *args: Any, **attributes: Any) -> None:
        super().__init__(*args, **attributes)
        self.context_settings = {"ignore_unknown_options": True, "help_option_names": ["--help"]}

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Refuse unknown long options, which click would take for text."""
        end = args.index("--") if "--" in args else len(args)
        options = ["--help" if arg == "-h" else arg for arg in args[:end]]
        known = {name for param in self.get_params(ctx) for name in _names(param)}
        for option in options:
            if option.startswith("--") and option.partition("=")[0] not in known:
                ctx.fail(f"no option {option}; to search for it → {ctx.command_path} -- {option}")
        return super().parse_args(ctx, options + args[end:])


def _names(param: click.Parameter) -> list[str]:
    return [*param.opts, *param.secondary_opts]
