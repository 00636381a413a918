"""`opentraces capture-otlp flush`."""

import click

from opentraces.application.take_up_telemetry import TakeUpRequest
from opentraces.domain.ids import SessionId
from opentraces.entrypoints.cli import keeping, output
from opentraces.entrypoints.cli.documents.taken_up import taken_up_document
from opentraces.entrypoints.cli.examples import examples
from opentraces.entrypoints.cli.views.taken_up import taken_up_lines
from opentraces.entrypoints.container import taking_up
from opentraces.entrypoints.settings import Settings


@click.command(
    epilog=examples(
        "opentraces capture-otlp flush --session 0b8f6c1e-57a1-4c39-9d3e-2f6a1c7e9b04",
        "opentraces capture-otlp flush --session 0b8f6c1e-57a1-4c39-9d3e-2f6a1c7e9b04 --json",
    )
)
@click.option("--session", metavar="ID", required=True, help="The agent's own id of the session.")
@click.option("--project", metavar="PATH", help="Only if it began in this folder, or one so named.")
@click.option("--trace-id", "trace", metavar="ID", help="Only if it is this trace.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
@click.pass_context
def flush(
    ctx: click.Context, session: str, project: str | None, trace: str | None, as_json: bool
) -> None:
    """Make what was received of a session a part of its trace.

    The session is kept as it is now, with all that waits of it; an import does that, too.
    """
    request = TakeUpRequest(SessionId(session), project, trace)
    done = taking_up.take_up(Settings.from_environment(), request)
    if as_json:
        output.print_json(taken_up_document(request, done))
    else:
        output.show(taken_up_lines(request, done))
    keeping.note_failed(done.imported)
    ctx.exit(keeping.exit_code(done.imported))
