"""How a look at a home is wired, before anything is done with it; imports no models."""

from opentraces.adapters.filesystem import bucket_file
from opentraces.adapters.filesystem.home_medium import FilesystemMedium
from opentraces.domain.errors import StorageUnavailable
from opentraces.entrypoints.settings import Settings


def later_format(settings: Settings) -> str | None:
    """Return the format of a bucket that this release may only read. None: it may write to it."""
    return bucket_file.later_format(settings.bucket)


def refuse_later(settings: Settings) -> None:
    """Raise NewerFormat where a later release made the bucket."""
    bucket_file.refuse_later(settings.bucket)


def medium(settings: Settings) -> FilesystemMedium:
    """Make the Medium."""
    return FilesystemMedium(settings.home)


def refuse_unwritable(settings: Settings) -> None:
    """Raise StorageUnavailable where nothing can be written to the home, before anything is."""
    refusal = medium(settings).refusal()
    if refusal is not None:
        raise StorageUnavailable(refusal)
