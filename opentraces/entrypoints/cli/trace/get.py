"""`opentraces trace get`."""

import click

from opentraces.application.get_trace import Gotten
from opentraces.domain.address import parse_address
from opentraces.entrypoints.cli import output
from opentraces.entrypoints.cli.documents.trace import gotten_bytes
from opentraces.entrypoints.cli.examples import examples
from opentraces.entrypoints.cli.exit_codes import CORRUPT
from opentraces.entrypoints.cli.later import note_if_later
from opentraces.entrypoints.cli.settling import settle
from opentraces.entrypoints.cli.views.reading import gotten_lines
from opentraces.entrypoints.container import reading
from opentraces.entrypoints.settings import Settings


@click.command(
    epilog=examples(
        "opentraces trace get a1f3c2d4",
        "opentraces trace get a1f3c2d4:10-24",
        "opentraces trace get a1f3c2d4 --json",
    )
)
@click.argument("address")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
@click.pass_context
def get(ctx: click.Context, address: str, as_json: bool) -> None:
    """Read the trace at ADDRESS, or steps of it.

    ADDRESS is an id, the beginning of one, or the session's own id; after it :17, :10-24 or :last
    for steps. A whole trace shows the heads of long outputs, steps show all of them.
    """
    settings = Settings.from_environment()
    wanted = parse_address(address)
    note_if_later(settings)
    settle(settings)
    gotten = reading.get_trace(settings).execute(wanted, around_damage=True)
    if as_json:
        output.print_bytes(gotten_bytes(gotten))
    else:
        output.page(gotten_lines(gotten))
    if gotten.damage:
        _end_damaged(ctx, gotten)


def _end_damaged(ctx: click.Context, gotten: Gotten) -> None:
    for each in gotten.damage:
        output.note(f"opentraces: {each} → opentraces bucket repair")
    ctx.exit(CORRUPT)
