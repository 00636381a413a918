"""What every question about what the model saw begins and ends with."""

from collections.abc import Iterator
from contextlib import contextmanager

from opentraces.domain.errors import Corrupt
from opentraces.entrypoints.cli.later import note_if_later
from opentraces.entrypoints.settings import Settings


@contextmanager
def asking() -> Iterator[Settings]:
    """Give the settings; of what is damaged, say what to do."""
    settings = Settings.from_environment()
    note_if_later(settings)
    try:
        yield settings
    except Corrupt as error:
        if "→" in str(error):
            raise
        raise Corrupt(f"{error} → opentraces bucket repair") from error
