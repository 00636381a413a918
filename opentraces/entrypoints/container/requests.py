"""How bodies of requests that wait are looked for: imports next to nothing."""

from opentraces.entrypoints.container.telemetry import BODIES
from opentraces.entrypoints.settings import Settings

_REQUEST = ".request.json"


def are_waiting(settings: Settings) -> bool:
    """Whether any request waits to be kept; a response alone may wait for long."""
    folder = settings.spool / BODIES
    return folder.is_dir() and any(each.name.endswith(_REQUEST) for each in folder.iterdir())
