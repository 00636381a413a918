"""What a worker did, a line a round: together they are its log."""

from datetime import datetime

from opentraces.application.imported import Imported
from opentraces.application.ingest_events import Ingested
from opentraces.entrypoints.cli.output import Line
from opentraces.entrypoints.cli.plain import one_line
from opentraces.entrypoints.cli.views.amounts import size


def ingested_line(done: Ingested, now: datetime, seconds: float) -> Line:
    """Show one round: when, whose, which events, and what came of it."""
    events = ", ".join(
        one_line(name) if number == 1 else f"{number} {one_line(name)}"
        for name, number in done.events.items()
    )
    head = (
        f"{now:%Y-%m-%d %H:%M:%S}  {done.agent.value}  {done.session[:8]}  {events or 'no event'}: "
    )
    return (head, _outcome(done), f"  ({seconds:.2f} s)")


def _outcome(done: Ingested) -> str:
    if done.is_left:
        return "left waiting: the session has written no file yet"
    imported = done.imported
    if imported.failed:
        return f"failed: {one_line(imported.failed[0].reason)}"
    if imported.skipped:
        return f"no trace: {one_line(imported.skipped[0].reason)}"
    later = (
        ""
        if imported.behind is None
        else f"; not all can be found yet: {one_line(imported.behind)}"
    )
    unasked = "" if done.unasked is None else f"; git was not asked: {one_line(done.unasked)}"
    return f"{_kept(imported)}{later}{unasked}"


def _kept(imported: Imported) -> str:
    return f"kept {size(imported.source_bytes)}" if imported.kept else "nothing new"
