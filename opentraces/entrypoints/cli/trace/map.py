"""`opentraces trace map`."""

import click

from opentraces.domain.address import parse_address
from opentraces.domain.errors import BadRequest, Corrupt
from opentraces.entrypoints.cli import output
from opentraces.entrypoints.cli.documents.map import map_document
from opentraces.entrypoints.cli.examples import examples
from opentraces.entrypoints.cli.later import note_if_later
from opentraces.entrypoints.cli.settling import settle
from opentraces.entrypoints.cli.views.map import map_lines
from opentraces.entrypoints.cli.views.map_bursts import burst_lines, waste_lines
from opentraces.entrypoints.container import mapping
from opentraces.entrypoints.settings import Settings


@click.command(
    name="map",
    epilog=examples(
        "opentraces trace map a1f3c2d4",
        "opentraces trace map a1f3c2d4 --bursts",
        "opentraces trace map a1f3c2d4 --waste --json",
    ),
)
@click.argument("trace")
@click.option("--bursts", is_flag=True, help="Segments of work on one intent, a line each.")
@click.option("--waste", is_flag=True, help="What filled the context for nothing.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
def map_(trace: str, bursts: bool, waste: bool, as_json: bool) -> None:
    """Show what happened in TRACE: what was asked for, read, changed, run, and what came of it.

    TRACE is an id, the beginning of one, or the session's own id.
    """
    settings = Settings.from_environment()
    address = parse_address(trace)
    if address.first is not None:
        raise BadRequest(f"{trace!r} names steps: a map is of a whole trace → trace slice {trace}")
    note_if_later(settings)
    settle(settings)
    try:
        mapped = mapping.map_trace(settings).execute(address.trace)
    except Corrupt as error:
        raise Corrupt(f"{error} → opentraces bucket repair") from error
    if as_json:
        output.print_json(map_document(mapped, bursts=bursts, waste=waste))
        return
    width = output.width()
    if bursts:
        output.page(burst_lines(mapped, width))
    if waste:
        output.page(waste_lines(mapped, width))
    if not bursts and not waste:
        output.page(map_lines(mapped, width))
