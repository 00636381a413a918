"""`opentraces ctx tokens`."""

import click

from opentraces.domain.address import parse_address
from opentraces.entrypoints.cli import output
from opentraces.entrypoints.cli.ctx.asking import asking
from opentraces.entrypoints.cli.documents.context import weighed_document
from opentraces.entrypoints.cli.examples import examples
from opentraces.entrypoints.cli.views.ctx_tokens import weighed_lines
from opentraces.entrypoints.container import contexts


@click.command(
    epilog=examples(
        "opentraces ctx tokens a1f3c2d4",
        "opentraces ctx tokens a1f3c2d4:17 --json",
    )
)
@click.argument("address")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
def tokens(address: str, as_json: bool) -> None:
    """Say what fills the window at the step at ADDRESS, by size.

    ADDRESS is as ctx show takes it. Tokens are estimated: their sum is what the provider counted
    of the prompt, shared out by bytes.
    """
    with asking() as settings:
        found = contexts.weigh_context(settings).execute(parse_address(address))
    if as_json:
        output.print_json(weighed_document(found))
    else:
        output.page(weighed_lines(found))
