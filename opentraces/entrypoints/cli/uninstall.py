"""`opentraces uninstall`."""

import click

from opentraces.entrypoints.cli import output
from opentraces.entrypoints.cli.asking import ask
from opentraces.entrypoints.cli.documents.uninstalled import uninstalled_document
from opentraces.entrypoints.cli.examples import examples
from opentraces.entrypoints.cli.keeping import keep_what_waits
from opentraces.entrypoints.cli.plain import one_line
from opentraces.entrypoints.cli.views.amounts import size
from opentraces.entrypoints.cli.views.uninstalled import uninstalled_lines
from opentraces.entrypoints.container import media, uninstalling
from opentraces.entrypoints.settings import Settings


@click.command(
    epilog=examples(
        "opentraces uninstall --dry-run",
        "opentraces uninstall",
        "opentraces uninstall --purge --yes",
    )
)
@click.option("--dry-run", is_flag=True, help="Change nothing; say what would go.")
@click.option("--purge", is_flag=True, help="Also remove all that was kept, for good.")
@click.option("--yes", is_flag=True, help="Do not ask.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
def uninstall(dry_run: bool, purge: bool, yes: bool, as_json: bool) -> None:
    """Take our hooks and enrolments off this machine; what was kept stays.

    The agents' configuration becomes what it was before, byte for byte where nobody changed it
    since, else without our entries.
    """
    settings = Settings.from_environment()
    if not dry_run:
        media.refuse_unwritable(settings)
    use = uninstalling.uninstall(settings)
    if purge and not (dry_run or yes):
        total = size(sum(part.size for part in use.home.parts()))
        home = one_line(str(settings.home))
        ask(f"Remove all that was kept, {total} in {home}, for good?", "purges")
    if not (purge or dry_run):
        keep_what_waits(settings)
    done = use.execute(purge=purge, dry_run=dry_run)
    if as_json:
        output.print_json(uninstalled_document(done))
    else:
        output.show(uninstalled_lines(done))
