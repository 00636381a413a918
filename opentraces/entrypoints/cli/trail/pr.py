"""`opentraces trail pr`."""

import click

from opentraces.entrypoints.cli import output
from opentraces.entrypoints.cli.documents.trail import described_document
from opentraces.entrypoints.cli.examples import examples
from opentraces.entrypoints.cli.trail.asking import folder_of, make_ready, opened_around
from opentraces.entrypoints.cli.views.trail_pr import described_lines
from opentraces.entrypoints.container import trail
from opentraces.entrypoints.settings import Settings


@click.command(
    epilog=examples(
        "opentraces trail pr main..HEAD",
        "opentraces trail pr main..HEAD > description.md",
        "opentraces trail pr HEAD --json",
    )
)
@click.argument("range_", metavar="RANGE")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
def pr(range_: str, as_json: bool) -> None:
    """Describe the commits of RANGE by the sessions and prompts behind them, as Markdown.

    RANGE is what git log takes as one, such as main..HEAD; a name is its commit alone. Prompts are
    quoted: read it before you publish it.
    """
    settings = Settings.from_environment()
    folder = folder_of(None)
    make_ready(settings)
    opened = opened_around(settings, folder)
    described = trail.describe_range(settings).execute(opened, range_)
    if as_json:
        output.print_json(described_document(described))
    else:
        output.show(described_lines(described))
