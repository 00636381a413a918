"""`opentraces doctor`."""

import click

from opentraces.entrypoints.cli import output
from opentraces.entrypoints.cli.documents.doctor import diagnosis_document
from opentraces.entrypoints.cli.examples import examples
from opentraces.entrypoints.cli.exit_codes import FOUND_WRONG
from opentraces.entrypoints.cli.views.doctor import diagnosis_lines
from opentraces.entrypoints.container import diagnosing
from opentraces.entrypoints.settings import Settings


@click.command(
    epilog=examples(
        "opentraces doctor",
        "opentraces doctor --fix",
        "opentraces doctor --deep --json",
    )
)
@click.option("--fix", is_flag=True, help="Put right what can safely be put right.")
@click.option("--deep", is_flag=True, help="Also read every byte of the index.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
@click.pass_context
def doctor(ctx: click.Context, fix: bool, deep: bool, as_json: bool) -> None:
    """Say what is installed, what is kept, and what is wrong; ends with 1 when something is.

    Nothing is changed without --fix. With it, hooks that are out of order are installed again, but
    never where there were none; events that wait are kept, the index is brought up to date, and
    what is ours is made private.
    """
    diagnosis = diagnosing.diagnose(Settings.from_environment(), deep=deep).execute(mend=fix)
    if as_json:
        output.print_json(diagnosis_document(diagnosis))
    else:
        output.show(diagnosis_lines(diagnosis, with_signs=output.has_style()))
    if not diagnosis.ok:
        ctx.exit(FOUND_WRONG)
