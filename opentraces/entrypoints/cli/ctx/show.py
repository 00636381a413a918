"""`opentraces ctx show`."""

import click

from opentraces.domain.address import parse_address
from opentraces.entrypoints.cli import output
from opentraces.entrypoints.cli.ctx.asking import asking
from opentraces.entrypoints.cli.documents.context import step_document
from opentraces.entrypoints.cli.examples import examples
from opentraces.entrypoints.cli.views.ctx_show import LAYERS, step_lines
from opentraces.entrypoints.container import contexts


@click.command(
    epilog=examples(
        "opentraces ctx show a1f3c2d4:17",
        "opentraces ctx show a1f3c2d4 --layer system --full",
        "opentraces ctx show a1f3c2d4:17 --json",
    )
)
@click.argument("address")
@click.option("--layer", type=click.Choice(LAYERS), help="Show this layer only.")
@click.option("--full", is_flag=True, help="Show long blocks whole.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
def show(address: str, layer: str | None, full: bool, as_json: bool) -> None:
    """Show what the model saw at the step at ADDRESS, and how sure we are.

    ADDRESS is an id, the beginning of one, or the session's own id; after it :17 or :last for a
    step, else the last answer is meant. Of a prompt, what the answer to it saw is shown.
    """
    with asking() as settings:
        context = contexts.show_context(settings).execute(parse_address(address))
    if as_json:
        output.print_json(step_document(context, layer))
    else:
        output.page(step_lines(context, layer, is_full=full))
