"""`opentraces bucket status`."""

import click

from opentraces.entrypoints.cli import output
from opentraces.entrypoints.cli.documents.bucket import status_document
from opentraces.entrypoints.cli.examples import examples
from opentraces.entrypoints.cli.later import note_if_later
from opentraces.entrypoints.cli.views.bucket import status_lines
from opentraces.entrypoints.container.container import Container
from opentraces.entrypoints.settings import Settings


@click.command(
    epilog=examples(
        "opentraces bucket status",
    )
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
def status(as_json: bool) -> None:
    """Say how much is kept, and how large it is."""
    settings = Settings.from_environment()
    note_if_later(settings)
    found = Container(settings=settings).keeper().status()
    if as_json:
        output.print_json(status_document(found))
    else:
        output.show(status_lines(found, settings.bucket))
