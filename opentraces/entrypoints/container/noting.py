"""How what is noted of trails is reached: plain functions that import no models."""

from opentraces.adapters.filesystem.bucket_file import read_bucket_id
from opentraces.adapters.sqlite_trail_index.index import SqliteTrailIndex
from opentraces.domain.errors import StorageUnavailable
from opentraces.entrypoints.container.describing import later_format
from opentraces.entrypoints.container.marking import is_marked
from opentraces.entrypoints.settings import Settings

_WAIT_SECONDS = 30.0
"""How long it is waited for: another process notes something, or all of it anew."""


def trail_index(settings: Settings) -> SqliteTrailIndex:
    """Make the TrailIndex, which is the TrailNoting."""
    bucket = read_bucket_id(settings.bucket)
    return SqliteTrailIndex(settings.state / "trails.sqlite", bucket, _WAIT_SECONDS)


def is_behind(settings: Settings) -> bool:
    """Whether there is something to catch up with before trails are asked."""
    if is_marked(settings):
        return True
    try:
        return later_format(settings) is None and not trail_index(settings).is_complete()
    except StorageUnavailable:  # whoever asks will meet it, and say it
        return True
