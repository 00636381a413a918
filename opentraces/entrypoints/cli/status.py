"""`opentraces status`."""

from datetime import UTC, datetime

import click

from opentraces.domain.errors import BadRequest
from opentraces.entrypoints.cli import output
from opentraces.entrypoints.cli.documents.status import status_document
from opentraces.entrypoints.cli.examples import examples
from opentraces.entrypoints.cli.later import note_if_later
from opentraces.entrypoints.cli.standing import working_directory
from opentraces.entrypoints.cli.views.status import status_lines
from opentraces.entrypoints.container import looking
from opentraces.entrypoints.settings import Settings


@click.command(epilog=examples("opentraces status", "opentraces status --json"))
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
def status(as_json: bool) -> None:
    """Say whether this repository is captured, and what is kept of it."""
    here = working_directory()
    if here is None:
        raise BadRequest("the working directory is not there any more → cd to one that is")
    settings = Settings.from_environment()
    note_if_later(settings)
    state = looking.repository_status(settings).execute(str(here))
    if as_json:
        output.print_json(status_document(state))
    else:
        output.show(status_lines(state, datetime.now(UTC)))
