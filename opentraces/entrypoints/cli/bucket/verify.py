"""`opentraces bucket verify`."""

import click

from opentraces.entrypoints.cli import output
from opentraces.entrypoints.cli.documents.bucket import audit_document
from opentraces.entrypoints.cli.examples import examples
from opentraces.entrypoints.cli.exit_codes import FOUND_WRONG
from opentraces.entrypoints.cli.views.bucket import audit_lines
from opentraces.entrypoints.container import bucket_care
from opentraces.entrypoints.settings import Settings


@click.command(
    epilog=examples(
        "opentraces bucket verify",
        "opentraces bucket verify --deep --json",
    )
)
@click.option("--deep", is_flag=True, help="Also decode and read all of it.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
@click.pass_context
def verify(ctx: click.Context, deep: bool, as_json: bool) -> None:
    """Compare every stored byte with its digest; ends with 1 when one differs."""
    audit = bucket_care.verify_bucket(Settings.from_environment()).execute(deep=deep)
    if as_json:
        output.print_json(audit_document(audit))
    else:
        output.show(audit_lines(audit))
    if not audit.ok:
        ctx.exit(FOUND_WRONG)
