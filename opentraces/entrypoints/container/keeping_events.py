"""How what hooks wrote down is kept: imported where some of it waits."""

from opentraces.adapters.filesystem.clock import SystemClock
from opentraces.application.ingest_all import IngestAll
from opentraces.application.ingest_events import IngestEvents
from opentraces.entrypoints.container.importing import live_sessions, spools
from opentraces.entrypoints.container.keeping import import_sessions
from opentraces.entrypoints.container.kept import hook_events
from opentraces.entrypoints.container.sidecar_folders import SIDECARS
from opentraces.entrypoints.lazy import lazy
from opentraces.entrypoints.settings import Settings

_follow_trail = lazy("opentraces.entrypoints.container.trail:follow_trail")
"""Imported by whoever keeps what hooks wrote down, and by no import."""


def ingest_all(settings: Settings) -> IngestAll:
    """Make the use case that keeps what hooks wrote down; makes the bucket when there is none."""
    imports, events = import_sessions(settings), hook_events(settings)
    sources, told = live_sessions(settings), spools(settings)
    follow = _follow_trail(settings)
    return IngestAll(
        tuple(
            IngestEvents(
                spool=spool,
                sessions=sources[agent],
                events=events[agent],
                imports=imports,
                clock=SystemClock(),
                may_be_forged=agent in SIDECARS,
                follow=lambda trace, facts, is_over: follow.execute(trace, facts, is_over=is_over),
            )
            for agent, spool in told.items()
        )
    )
