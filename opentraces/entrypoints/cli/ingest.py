"""`opentraces ingest`: what hooks start when an agent stops."""

import os
import signal
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from time import monotonic
from types import FrameType

import click

from opentraces.application.ingest_events import Ingested
from opentraces.domain.errors import StorageUnavailable
from opentraces.domain.ids import SessionId
from opentraces.entrypoints.cli import output
from opentraces.entrypoints.cli.documents.ingested import ingested_document
from opentraces.entrypoints.cli.examples import examples
from opentraces.entrypoints.cli.views.ingested import ingested_line
from opentraces.entrypoints.container import ingesting
from opentraces.entrypoints.container.following import note_worktree
from opentraces.entrypoints.settings import Settings

_LONGEST_S = 600
_MODESTY = 5


@click.command(epilog=examples("opentraces ingest", "opentraces ingest --json"))
@click.option("--session", metavar="ID", help="Take up this session's events first.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
def ingest(session: str | None, as_json: bool) -> None:
    """Keep what hooks wrote down, and the sessions they wrote it of.

    Hooks run it when an agent stops; by hand it takes up what a crash left behind.
    """
    settings = Settings.from_environment()
    first = SessionId(session) if session else None
    rounds = _rounds(settings, first)
    if as_json:
        output.print_json(ingested_document(rounds))
        return
    began = monotonic()
    for done in rounds:
        now = datetime.now(UTC).astimezone()
        output.show([ingested_line(done, now, monotonic() - began)])
        began = monotonic()


def _rounds(settings: Settings, first: SessionId | None) -> Iterator[Ingested]:
    """Do the work within bounds: others go before it, and it ends when it takes too long."""
    if not ingesting.has_work(settings, None):
        return
    os.nice(_MODESTY)
    signal.signal(signal.SIGALRM, _give_up)
    signal.alarm(_LONGEST_S)
    for done in ingesting.ingest_all(settings).execute(first):
        yield done
        if done.folder is not None:
            note_worktree(settings, Path(done.folder))
    signal.alarm(0)


def _give_up(number: int, frame: FrameType | None) -> None:
    raise StorageUnavailable(f"given up after {_LONGEST_S} s; the next event goes on")
