"""`opentraces trace tail`."""

from time import sleep

import click

from opentraces.application.get_trace import Gotten
from opentraces.application.tail_trace import TailRequest
from opentraces.entrypoints.cli import output
from opentraces.entrypoints.cli.documents.trace import tail_bytes
from opentraces.entrypoints.cli.examples import examples
from opentraces.entrypoints.cli.later import note_if_later
from opentraces.entrypoints.cli.standing import repository_folders
from opentraces.entrypoints.cli.views.reading import tail_lines
from opentraces.entrypoints.container import reading
from opentraces.entrypoints.settings import Settings

_GLANCE_S = 0.5


@click.command(
    epilog=examples(
        "opentraces trace tail",
        "opentraces trace tail --follow",
        "opentraces trace tail a1f3c2d4 --steps 20",
    )
)
@click.argument("trace", required=False, metavar="[TRACE]")
@click.option("--follow", is_flag=True, help="Go on showing steps as they are kept.")
@click.option("--steps", type=click.IntRange(min=1), default=5, metavar="N", help="Show so many.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document for each look.")
def tail(trace: str | None, follow: bool, steps: int, as_json: bool) -> None:
    """Show the end of the session being worked on, as it is kept.

    It is the one of this repository, or outside of one of all, that was kept last; or TRACE.
    """
    request = TailRequest(trace, repository_folders(), steps)
    settings = Settings.from_environment()
    note_if_later(settings)
    use = reading.tail_trace(settings)
    seen = use.execute(request)
    _show(seen, None, as_json=as_json)
    while follow:
        sleep(_GLANCE_S)
        fresh = use.execute(request, seen)
        _show(fresh, seen, as_json=as_json)
        seen = fresh or seen


def _show(gotten: Gotten | None, seen: Gotten | None, *, as_json: bool) -> None:
    """Show what came; `seen`: what was shown last."""
    if gotten is None:
        return
    if as_json:
        output.print_bytes(tail_bytes(gotten))
    else:
        is_same = seen is not None and seen.record.trace_id == gotten.record.trace_id
        output.show(tail_lines(gotten, with_heading=not is_same))
