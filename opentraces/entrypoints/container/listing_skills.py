"""How a list of skills is wired: plain functions that import no models, unless sessions changed."""

from opentraces.adapters.filesystem.bucket_file import read_bucket_id
from opentraces.adapters.filesystem.trace_ids import FilesystemTraceStamps
from opentraces.adapters.filesystem.use_sums import FilesystemUseSums
from opentraces.application.list_skills import CountSession, ListSkills
from opentraces.domain.ids import TraceId
from opentraces.domain.skills.counted import SessionUses
from opentraces.entrypoints.lazy import lazy
from opentraces.entrypoints.settings import Settings

_counting = lazy("opentraces.entrypoints.container.counting_uses:count_session_uses")


def list_skills(settings: Settings) -> ListSkills:
    """Make the use case that lists what was used."""
    return ListSkills(
        FilesystemTraceStamps(settings.bucket),
        use_sums(settings),
        _Counting(settings),
    )


def use_sums(settings: Settings) -> FilesystemUseSums:
    """Make the UseSums."""
    return FilesystemUseSums(settings.state, read_bucket_id(settings.bucket))


class _Counting:
    """Makes what counts when a session is to be counted."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._made: CountSession | None = None

    def __call__(self, trace: TraceId, stamp: str) -> SessionUses:
        """See `CountSession`."""
        count = self._made or _counting(self._settings).execute
        self._made = count
        counted: SessionUses = count(trace, stamp)
        return counted
