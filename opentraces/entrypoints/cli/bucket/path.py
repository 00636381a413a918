"""`opentraces bucket path`."""

import click

from opentraces.entrypoints.cli import output
from opentraces.entrypoints.cli.examples import examples
from opentraces.entrypoints.settings import Settings


@click.command(
    epilog=examples(
        'du -sh "$(opentraces bucket path)"',
    )
)
def path() -> None:
    """Say where traces are kept: `bucket` in $OPENTRACES_HOME, or in ~/.opentraces."""
    output.print_bytes(bytes(Settings.from_environment().bucket))
