"""`opentraces trail show`."""

import click

from opentraces.application.show_trail import ShownTrail
from opentraces.domain.address import parse_address
from opentraces.domain.errors import Corrupt
from opentraces.entrypoints.cli import output
from opentraces.entrypoints.cli.documents.trail import shown_document
from opentraces.entrypoints.cli.examples import examples
from opentraces.entrypoints.cli.trail.asking import make_ready, repository_of_session
from opentraces.entrypoints.cli.views.trail_show import shown_lines
from opentraces.entrypoints.container import trail
from opentraces.entrypoints.container.kept import traces
from opentraces.entrypoints.settings import Settings


@click.command(
    epilog=examples(
        "opentraces trail show a1f3c2d4",
        "opentraces trail show a1f3c2d4:17",
        "opentraces trail show a1f3c2d4:10-24 --json",
    )
)
@click.argument("address")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
def show(address: str, as_json: bool) -> None:
    """Show what the trace at ADDRESS changed in files, and what became of it in Git.

    ADDRESS is an id, the beginning of one, or the session's own id; after it :17, :10-24 or :last
    for steps. Of one step, the changed lines are shown, too.
    """
    shown = _shown(Settings.from_environment(), address)
    if as_json:
        output.print_json(shown_document(shown))
    else:
        output.page(shown_lines(shown))


def _shown(settings: Settings, typed: str) -> ShownTrail:
    address = parse_address(typed)
    make_ready(settings)
    trace = trail.resolve_trace(settings).execute(address.trace)
    opened = repository_of_session(settings, traces(settings).envelope(trace).header.worktree)
    try:
        return trail.show_trail(settings).execute(trace, address, opened)
    except Corrupt as error:
        raise Corrupt(f"{error} → opentraces bucket repair") from error
