"""How a look at what the home is on is wired; imports no models."""

from opentraces.adapters.filesystem.home_medium import FilesystemMedium
from opentraces.domain.errors import StorageUnavailable
from opentraces.entrypoints.settings import Settings


def medium(settings: Settings) -> FilesystemMedium:
    """Make the Medium."""
    return FilesystemMedium(settings.home)


def refuse_unwritable(settings: Settings) -> None:
    """Raise StorageUnavailable where nothing can be written to the home, before anything is."""
    refusal = medium(settings).refusal()
    if refusal is not None:
        raise StorageUnavailable(refusal)
