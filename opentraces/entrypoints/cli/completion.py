"""`opentraces completion`."""

import click
from click.shell_completion import get_completion_class

from opentraces.domain.errors import BadRequest
from opentraces.entrypoints.cli import output
from opentraces.entrypoints.cli.examples import examples

_PROGRAM = "opentraces"
_VARIABLE = "_OPENTRACES_COMPLETE"
"""By this variable the script asks for completions; click derives it from the program's name."""


@click.command(
    epilog=examples(
        'eval "$(opentraces completion bash)"        # in ~/.bashrc',
        'eval "$(opentraces completion zsh)"         # in ~/.zshrc',
        "opentraces completion fish > ~/.config/fish/completions/opentraces.fish",
    )
)
@click.argument("shell", metavar="SHELL", type=click.Choice(["bash", "zsh", "fish"]))
@click.pass_context
def completion(ctx: click.Context, shell: str) -> None:
    """Print the script that completes commands and options in SHELL: bash, zsh or fish."""
    complete = get_completion_class(shell)
    if complete is None:
        raise BadRequest(f"no completion for {shell}")
    root = ctx.find_root().command
    output.print_bytes(complete(root, {}, _PROGRAM, _VARIABLE).source().encode())
