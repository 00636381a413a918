"""`opentraces trace slice`."""

from typing import get_args

import click

from opentraces.application.slice_trace import Sliced, SliceRequest
from opentraces.domain.address import Address, parse_address
from opentraces.domain.errors import BadRequest, Corrupt
from opentraces.domain.slices.templates import Template
from opentraces.entrypoints.cli import output
from opentraces.entrypoints.cli.documents.slices import slices_document
from opentraces.entrypoints.cli.examples import examples
from opentraces.entrypoints.cli.later import note_if_later
from opentraces.entrypoints.cli.settling import settle
from opentraces.entrypoints.cli.views.slices import slice_lines
from opentraces.entrypoints.container import mapping
from opentraces.entrypoints.settings import Settings

_TEMPLATES: tuple[Template, ...] = get_args(Template)
_USUAL: Template = "bursts"


@click.command(
    name="slice",
    epilog=examples(
        "opentraces trace slice a1f3c2d4 --template errors",
        "opentraces trace slice a1f3c2d4 --steps 10-24 --max-tokens 1000",
        "opentraces trace slice a1f3c2d4 --around 17 --json",
    ),
)
@click.argument("address")
@click.option(
    "--template",
    type=click.Choice(_TEMPLATES),
    metavar="NAME",
    help="A slice for each of: bursts, turns, edits, errors, tests.  [default: bursts]",
)
@click.option("--steps", metavar="A-B", help="One slice of these steps.")
@click.option("--around", metavar="STEP", help="One slice: a step, and three on each side of it.")
@click.option(
    "--max-tokens",
    "most",
    type=click.IntRange(min=1),
    default=2000,
    show_default=True,
    metavar="N",
    help="Let no slice be longer than about this, at 4 bytes a token.",
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
def slice_(
    address: str, steps: str | None, around: str | None, as_json: bool, **how: str | int | None
) -> None:
    """Cut the trace at ADDRESS into evidence that stands alone, small enough for a prompt.

    ADDRESS is an id, the beginning of one, or the session's own id; after it :17, :10-24 or :last
    for steps. Nothing is taken out of what the session says: look at it before you hand it on.
    """
    found = _sliced(_request(parse_address(address), steps, around, how))
    if as_json:
        output.print_json(slices_document(found))
    else:
        output.page(slice_lines(found))


def _request(
    address: Address, steps: str | None, around: str | None, how: dict[str, str | int | None]
) -> SliceRequest:
    template = next((each for each in _TEMPLATES if each == how["template"]), None)
    asked = [address.first, steps, around, template]
    if sum(each is not None for each in asked) > 1:
        raise BadRequest("say one of: steps in the address, --steps, --around, --template")
    most = int(how["most"] or 0)
    if around is not None:
        return SliceRequest(address.trace, most, around=_numbers(around)[0])
    if steps is not None:
        return SliceRequest(address.trace, most, steps=_numbers(steps))
    if address.first is not None:
        last = address.first if address.last is None else address.last
        return SliceRequest(address.trace, most, steps=(address.first, last))
    return SliceRequest(address.trace, most, template=template or _USUAL)


def _numbers(text: str) -> tuple[int, int]:
    """Read `17`, `10-24` or `last` as steps. Raises BadRequest."""
    address = parse_address(f"trace:{text.strip().removeprefix(':')}")
    first = address.first or 1
    return first, first if address.last is None else address.last


def _sliced(request: SliceRequest) -> Sliced:
    settings = Settings.from_environment()
    note_if_later(settings)
    settle(settings)
    try:
        found = mapping.slice_trace(settings).execute(request)
    except Corrupt as error:
        raise Corrupt(f"{error} → opentraces bucket repair") from error
    if not found.slices:
        output.note(f"opentraces: there are no {request.template} in {found.trace[:8]}")
    return found
