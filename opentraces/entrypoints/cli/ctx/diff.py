"""`opentraces ctx diff`."""

import click

from opentraces.domain.address import parse_address
from opentraces.entrypoints.cli import output
from opentraces.entrypoints.cli.ctx.asking import asking
from opentraces.entrypoints.cli.documents.context_changes import different_document
from opentraces.entrypoints.cli.examples import examples
from opentraces.entrypoints.cli.views.ctx_diff import different_lines
from opentraces.entrypoints.container import contexts


@click.command(
    epilog=examples(
        "opentraces ctx diff a1f3c2d4:10 a1f3c2d4:24",
        "opentraces ctx diff a1f3c2d4:10 a1f3c2d4:last --json",
    )
)
@click.argument("before")
@click.argument("after")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
def diff(before: str, after: str, as_json: bool) -> None:
    """Say what entered and what left the window between the steps BEFORE and AFTER.

    Both are addresses as ctx show takes them. They may be of two traces: a session, and one that
    was forked from it.
    """
    with asking() as settings:
        found = contexts.diff_contexts(settings).execute(
            parse_address(before), parse_address(after)
        )
    if as_json:
        output.print_json(different_document(found))
    else:
        output.page(different_lines(found))
