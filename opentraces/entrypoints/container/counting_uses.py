"""How the uses of one session are counted: imported only when a session changed."""

from opentraces.application.count_session_uses import CountSessionUses
from opentraces.application.read_trail import ReadTrail
from opentraces.entrypoints.container.kept import hook_events, traces
from opentraces.entrypoints.settings import Settings


def count_session_uses(settings: Settings) -> CountSessionUses:
    """Make the use case that counts what a session used."""
    store = traces(settings)
    return CountSessionUses(store, ReadTrail(store, hook_events(settings)))
