"""`opentraces trace delete`."""

import click

from opentraces.entrypoints.cli import output
from opentraces.entrypoints.cli.asking import ask
from opentraces.entrypoints.cli.documents.trace import deleted_document
from opentraces.entrypoints.cli.examples import examples
from opentraces.entrypoints.cli.views.trace import deleted_lines
from opentraces.entrypoints.container.container import Container
from opentraces.entrypoints.settings import Settings


@click.command(
    epilog=examples(
        "opentraces trace delete a1f3c2d4",
        "opentraces trace delete a1f3c2d4 --yes",
    )
)
@click.argument("trace")
@click.option("--yes", is_flag=True, help="Do not ask.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
def delete(trace: str, yes: bool, as_json: bool) -> None:
    """Remove TRACE for good, with all that was kept of its session.

    TRACE is an id, the beginning of one, or the session's own id. A later import does not bring it
    back; the agent's own files are not touched.
    """
    delete_trace = Container(settings=Settings.from_environment()).delete_trace()
    found = delete_trace.resolve.execute(trace)
    if not yes:
        ask(f"Delete trace {found} for good? No import brings it back.", "deletes")
    deleted = delete_trace.execute(found)
    if as_json:
        output.print_json(deleted_document(deleted))
    else:
        output.show(deleted_lines(deleted))
