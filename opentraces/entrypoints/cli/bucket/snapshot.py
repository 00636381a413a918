"""`opentraces bucket snapshot`."""

from pathlib import Path

import click

from opentraces.entrypoints.cli import output
from opentraces.entrypoints.cli.documents.snapshot import snapshot_document
from opentraces.entrypoints.cli.examples import examples
from opentraces.entrypoints.cli.told import Told
from opentraces.entrypoints.cli.views.snapshot import exit_code, snapshot_lines
from opentraces.entrypoints.container import bucket_care
from opentraces.entrypoints.settings import Settings


@click.command(
    epilog=examples(
        "opentraces bucket snapshot --to /mnt/backup/opentraces",
        "OPENTRACES_HOME=/mnt/backup/opentraces opentraces bucket verify",
    )
)
@click.option(
    "--to",
    "folder",
    metavar="DIR",
    required=True,
    type=click.Path(file_okay=False, path_type=Path),
    help="The folder to copy to: a new or empty one, or an earlier snapshot of this bucket.",
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
@click.pass_context
def snapshot(ctx: click.Context, folder: Path, as_json: bool) -> None:
    """Copy the bucket to DIR, each byte checked, while captures go on.

    DIR becomes a home of its own, to be read with OPENTRACES_HOME=DIR. Of an earlier snapshot only
    what has changed is written, and what was deleted since is deleted there, too.
    """
    place = folder.absolute()
    use = bucket_care.take_snapshot(Settings.from_environment(), place)
    taken = use.execute(Told("Copying"))
    if as_json:
        output.print_json(snapshot_document(taken, place))
    else:
        output.show(snapshot_lines(taken, place))
    ctx.exit(exit_code(taken))
