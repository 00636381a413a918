"""`opentraces trace restore`."""

from pathlib import Path

import click

from opentraces.entrypoints.cli import output
from opentraces.entrypoints.cli.documents.trace import restored_document
from opentraces.entrypoints.cli.examples import examples
from opentraces.entrypoints.cli.later import note_if_later
from opentraces.entrypoints.cli.views.trace import restored_lines
from opentraces.entrypoints.container import restoring
from opentraces.entrypoints.container.container import Container
from opentraces.entrypoints.settings import Settings


@click.command(
    epilog=examples(
        "opentraces trace restore a1f3c2d4 --to /tmp/back",
    )
)
@click.argument("trace")
@click.option(
    "--to",
    "folder",
    metavar="DIR",
    required=True,
    type=click.Path(file_okay=False, path_type=Path),
    help="The folder to write to; it is made when it is missing.",
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
def restore(trace: str, folder: Path, as_json: bool) -> None:
    """Write the files of TRACE's session again, byte for byte.

    TRACE is an id, the beginning of one, or the session's own id. A file that is there already and
    is another one is left as it is.
    """
    settings = Settings.from_environment()
    note_if_later(settings)
    container = Container(settings=settings)
    destination = restoring.destination(folder.absolute())
    restored = container.restore_trace().execute(trace, destination)
    if as_json:
        output.print_json(restored_document(restored))
    else:
        output.show(restored_lines(restored, folder))
