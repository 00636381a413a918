"""How the processes that keep batches of a long import are begun, and what they do."""

import sys

from opentraces.adapters.worker.helper import HelperProcess, processors, serve
from opentraces.application.sharing import ImportHelper
from opentraces.entrypoints.container.keeping import keep_batch
from opentraces.entrypoints.settings import Settings

_COMMAND = (sys.executable, "-P", "-m", "opentraces.entrypoints.helping")
"""What such a process runs; nothing in the folder it begins in is imported."""

_MOST_PROCESSES = 4
"""More would wait for the one that writes the index."""


def import_helpers(settings: Settings) -> list[ImportHelper]:
    """Begin processes that keep batches beside this one: one for each further processor."""
    return [
        HelperProcess(_COMMAND, settings) for _ in range(min(processors(), _MOST_PROCESSES) - 1)
    ]


def serve_batches(descriptor: int) -> None:
    """Keep what is asked for over a socket, as such a process does."""
    serve(descriptor, lambda settings: keep_batch(settings).execute)
