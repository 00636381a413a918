"""`opentraces trace map`."""

from collections.abc import Iterator

import click

from opentraces.application.map_trace import Mapped
from opentraces.domain.address import parse_address
from opentraces.domain.errors import BadRequest, Corrupt
from opentraces.entrypoints.cli import output
from opentraces.entrypoints.cli.documents.map import map_document
from opentraces.entrypoints.cli.examples import examples
from opentraces.entrypoints.cli.later import note_if_later
from opentraces.entrypoints.cli.output import Line
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
    mapped = _mapped(Settings.from_environment(), trace)
    if as_json:
        output.print_json(map_document(mapped, bursts=bursts, waste=waste))
    else:
        output.page(_lines(mapped, bursts=bursts, waste=waste))


def _mapped(settings: Settings, typed: str) -> Mapped:
    address = parse_address(typed)
    if address.first is not None:
        raise BadRequest(f"{typed!r} names steps: a map is of a whole trace → trace get {typed}")
    note_if_later(settings)
    settle(settings)
    try:
        return mapping.map_trace(settings).execute(address.trace)
    except Corrupt as error:
        raise Corrupt(f"{error} → opentraces bucket repair") from error


def _lines(mapped: Mapped, *, bursts: bool, waste: bool) -> Iterator[Line]:
    width = output.width()
    if bursts:
        yield from burst_lines(mapped, width)
    if waste:
        yield from waste_lines(mapped, width)
    if not bursts and not waste:
        yield from map_lines(mapped, width)
