"""`opentraces bucket path`."""

import click

from opentraces.entrypoints.cli import output
from opentraces.entrypoints.cli.documents.bucket import path_document
from opentraces.entrypoints.cli.examples import examples
from opentraces.entrypoints.settings import Settings


@click.command(epilog=examples('du -sh "$(opentraces bucket path)"'))
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
def path(as_json: bool) -> None:
    """Say where traces are kept: `bucket` in $OPENTRACES_HOME, or in ~/.opentraces."""
    bucket = Settings.from_environment().bucket
    if as_json:
        output.print_json(path_document(bucket))
    else:
        output.print_bytes(bytes(bucket))
