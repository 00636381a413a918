"""`opentraces ctx handover`."""

import os
from pathlib import Path

import click

from opentraces.domain.address import parse_address
from opentraces.domain.errors import BadRequest
from opentraces.entrypoints.cli import output
from opentraces.entrypoints.cli.ctx.asking import asking
from opentraces.entrypoints.cli.documents.handover import handover_document
from opentraces.entrypoints.cli.examples import examples
from opentraces.entrypoints.cli.views.ctx_handover import Written, written
from opentraces.entrypoints.container import contexts

_FEWEST = 500


@click.command(
    epilog=examples(
        "opentraces ctx handover a1f3c2d4",
        "opentraces ctx handover a1f3c2d4:24 --max-tokens 2000 --out handover.md",
        "opentraces ctx handover a1f3c2d4 --json",
    )
)
@click.argument("address")
@click.option(
    "--max-tokens",
    "tokens",
    type=click.IntRange(min=_FEWEST),
    default=4000,
    metavar="N",
    help="Let it be no longer than about this, at 4 bytes a token.",
)
@click.option(
    "--out",
    "file",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    help="Write the Markdown to this file, which must not be there yet.",
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
def handover(address: str, tokens: int, file: Path | None, as_json: bool) -> None:
    """Tell any agent of the session at ADDRESS, as Markdown: what was asked, done, left open.

    ADDRESS is as ctx show takes it; with a step, what came after it is left out. All that the
    session says stands between two lines that nothing in it can forge, as not to be trusted.
    """
    with asking() as settings:
        found = contexts.hand_over(settings).execute(parse_address(address), tokens // 2)
    made = written(found, tokens)
    if file is not None:
        _write(file, made)
    if as_json:
        output.print_json(handover_document(made))
    elif file is None:
        output.show((line,) for line in made.lines)


def _for_us_alone(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


def _write(file: Path, made: Written) -> None:
    try:
        with open(file, "x", encoding="utf-8", errors="replace", opener=_for_us_alone) as opened:
            opened.write(made.markdown)
    except FileExistsError as error:
        raise BadRequest(f"{file} is there already → --out another name") from error
    output.note(f"opentraces: wrote {file}, about {made.tokens:,} tokens")
