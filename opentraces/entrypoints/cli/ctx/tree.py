"""`opentraces ctx tree`."""

import click

from opentraces.entrypoints.cli import output
from opentraces.entrypoints.cli.ctx.asking import asking
from opentraces.entrypoints.cli.documents.context import tree_document
from opentraces.entrypoints.cli.examples import examples
from opentraces.entrypoints.cli.views.ctx_tree import tree_lines
from opentraces.entrypoints.container import contexts


@click.command(
    epilog=examples(
        "opentraces ctx tree a1f3c2d4",
        "opentraces ctx tree a1f3c2d4 --json",
    )
)
@click.argument("trace")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
def tree(trace: str, as_json: bool) -> None:
    """Draw how the windows of TRACE follow from one another: forks, compactions, sub-agents.

    TRACE is an id, the beginning of one, or the session's own id. Calls that follow straight on
    are one line; what was left, and sub-agents, stand further in.
    """
    with asking() as settings:
        found = contexts.draw_context(settings).execute(trace)
    if as_json:
        output.print_json(tree_document(found))
    else:
        output.page(tree_lines(found))
