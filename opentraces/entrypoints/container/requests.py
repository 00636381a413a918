"""How bodies of requests that wait are looked for: imports next to nothing."""

from opentraces.entrypoints.lazy import lazy
from opentraces.entrypoints.settings import Settings

keep_requests = lazy("opentraces.entrypoints.container.build:keep_requests")
"""Make the KeepRequests of some Settings: imported only when something waits."""


def are_waiting(settings: Settings) -> bool:
    """Whether any body waits to be kept."""
    folder = settings.spool / "bodies"
    return folder.is_dir() and any(folder.iterdir())
