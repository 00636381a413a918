"""`opentraces bucket gc`."""

from datetime import timedelta

import click

from opentraces.entrypoints.cli import output
from opentraces.entrypoints.cli.documents.garbage import garbage_document
from opentraces.entrypoints.cli.examples import examples
from opentraces.entrypoints.cli.views.garbage import garbage_lines
from opentraces.entrypoints.container import bucket_care, media
from opentraces.entrypoints.settings import Settings


@click.command(
    epilog=examples(
        "opentraces bucket gc --dry-run",
        "opentraces bucket gc",
    )
)
@click.option("--dry-run", is_flag=True, help="Change nothing; say what would go.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
def gc(dry_run: bool, as_json: bool) -> None:
    """Remove what nothing needs any more, once it has lain for a week.

    What interrupted writes and deletions left behind, never a byte of a kept trace. While a trace
    cannot be read, whatever it might need stays.

    Where retention.keep_raw_days is set, also the files of sessions that ended longer ago: their
    traces stay and are found, and can no longer be restored.
    """
    settings = Settings.from_environment()
    if not dry_run:
        media.refuse_unwritable(settings)
    days = settings.gc_grace_days
    use = bucket_care.collect_garbage(settings)
    raw = timedelta(days=settings.keep_raw_days) if settings.keep_raw_days is not None else None
    found = use.execute(timedelta(days=days), dry_run=dry_run, keep_raw=raw)
    if as_json:
        output.print_json(garbage_document(found, days, dry_run=dry_run))
    else:
        output.show(garbage_lines(found, days, dry_run=dry_run))
