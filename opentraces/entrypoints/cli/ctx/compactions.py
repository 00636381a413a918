"""`opentraces ctx compactions`."""

import click

from opentraces.entrypoints.cli import output
from opentraces.entrypoints.cli.ctx.asking import asking
from opentraces.entrypoints.cli.documents.context_changes import compactions_document
from opentraces.entrypoints.cli.examples import examples
from opentraces.entrypoints.cli.views.ctx_compactions import compactions_lines
from opentraces.entrypoints.container import contexts


@click.command(
    epilog=examples(
        "opentraces ctx compactions a1f3c2d4",
        "opentraces ctx compactions a1f3c2d4 --json",
    )
)
@click.argument("trace")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
def compactions(trace: str, as_json: bool) -> None:
    """Show where a summary took the place of what was said in TRACE, with both sides.

    TRACE is an id, the beginning of one, or the session's own id.
    """
    with asking() as settings:
        found = contexts.list_compactions(settings).execute(trace)
    if as_json:
        output.print_json(compactions_document(found))
    else:
        output.page(compactions_lines(found))
