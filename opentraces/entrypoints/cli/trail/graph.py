"""`opentraces trail graph`."""

import click

from opentraces.entrypoints.cli import output
from opentraces.entrypoints.cli.documents.trail import graph_document
from opentraces.entrypoints.cli.examples import examples
from opentraces.entrypoints.cli.trail.asking import folder_of, make_ready, opened_around
from opentraces.entrypoints.cli.views.trail_graph import graph_lines
from opentraces.entrypoints.container import trail
from opentraces.entrypoints.settings import Settings


@click.command(
    epilog=examples(
        "opentraces trail graph",
        "opentraces trail graph main..HEAD",
        "opentraces trail graph v1.2 --json",
    )
)
@click.argument("range_", required=False, metavar="[RANGE]")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
def graph(range_: str | None, as_json: bool) -> None:
    """Show commits, and below each the sessions that wrote its lines.

    RANGE is what git log takes as one: main..HEAD. Of a name, or without RANGE of what is checked
    out, the last 20 commits.
    """
    settings = Settings.from_environment()
    folder = folder_of(None)
    make_ready(settings)
    opened = opened_around(settings, folder)
    found = trail.graph_trail(settings).execute(opened, range_)
    if as_json:
        output.print_json(graph_document(found))
    else:
        output.page(graph_lines(found, output.width()))
