"""`opentraces bucket repair`."""

import click

from opentraces.entrypoints.cli import output
from opentraces.entrypoints.cli.documents.repaired import repaired_document
from opentraces.entrypoints.cli.examples import examples
from opentraces.entrypoints.cli.keeping import look_again
from opentraces.entrypoints.cli.told import Told
from opentraces.entrypoints.cli.views.repaired import exit_code, repaired_lines
from opentraces.entrypoints.container import repairing
from opentraces.entrypoints.settings import Settings


@click.command(
    epilog=examples(
        "opentraces bucket repair --dry-run",
        "opentraces bucket repair",
        "opentraces bucket repair --reproject",
    )
)
@click.option("--reproject", is_flag=True, help="Also make all steps again, as they read today.")
@click.option("--dry-run", is_flag=True, help="Change nothing; say what would be done.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
@click.pass_context
def repair(ctx: click.Context, reproject: bool, dry_run: bool, as_json: bool) -> None:
    """Mend what is damaged; ends with 1 when damage remains.

    From what is whole: steps are made again from kept bytes, and lost bytes are taken from the
    agent's own file where that still has the very same. What is damaged is moved to quarantine,
    and never deleted.
    """
    settings = Settings.from_environment()
    use = repairing.repair_bucket(settings, dry_run=dry_run)
    done = use.execute(reproject=reproject, on_trace=Told("Making steps again"))
    if reproject and not dry_run:
        look_again(settings)
    if as_json:
        output.print_json(repaired_document(done))
    else:
        output.show(repaired_lines(done))
    ctx.exit(exit_code(done))
