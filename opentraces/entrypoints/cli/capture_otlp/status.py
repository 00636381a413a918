"""`opentraces capture-otlp status`."""

import click

from opentraces.entrypoints.cli import output
from opentraces.entrypoints.cli.documents.telemetry import status_document
from opentraces.entrypoints.cli.examples import examples
from opentraces.entrypoints.cli.exit_codes import DONE, FOUND_WRONG
from opentraces.entrypoints.cli.views.telemetry import status_lines
from opentraces.entrypoints.container import receiving
from opentraces.entrypoints.settings import Settings


@click.command(
    epilog=examples("opentraces capture-otlp status", "opentraces capture-otlp status --json")
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
@click.pass_context
def status(ctx: click.Context, as_json: bool) -> None:
    """Say whether the receiver runs, what came since its start, and what waits.

    Ends with 1 when it does not run.
    """
    found = receiving.tell_receiver(Settings.from_environment()).execute()
    if as_json:
        output.print_json(status_document(found))
    else:
        output.show(status_lines(found))
    ctx.exit(DONE if found.state.is_running else FOUND_WRONG)
