"""`opentraces trail status`."""

from pathlib import Path

import click

from opentraces.application.trail_status import TrailState
from opentraces.domain.errors import NoRepository
from opentraces.entrypoints.cli import output
from opentraces.entrypoints.cli.documents.trail import state_document
from opentraces.entrypoints.cli.examples import examples
from opentraces.entrypoints.cli.trail.asking import (
    folder_of,
    make_ready,
    note_unread,
    opened_around,
)
from opentraces.entrypoints.cli.views.trail_status import state_lines
from opentraces.entrypoints.container import trail
from opentraces.entrypoints.settings import Settings


@click.command(
    epilog=examples("opentraces trail status", "opentraces trail status ~/src/widgets --json")
)
@click.argument("path", required=False, metavar="[PATH]", type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
def status(path: Path | None, as_json: bool) -> None:
    """Say how many changes of kept sessions are committed, and what is left of them.

    Of the repository around PATH, or the working directory. Outside of a repository, without PATH:
    of all repositories, as far as was known when each was last looked at.
    """
    settings = Settings.from_environment()
    state = _state(settings, path)
    note_unread(state.unread)
    if as_json:
        output.print_json(state_document(state))
    else:
        output.show(state_lines(state))


def _state(settings: Settings, path: Path | None) -> TrailState:
    folder = folder_of(path)
    make_ready(settings)
    counting = trail.trail_status(settings)
    try:
        opened = opened_around(settings, folder)
    except NoRepository:
        if path is not None:
            raise
        return counting.of_all()
    return counting.of(opened)
