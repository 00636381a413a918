"""Progress in a dict."""

from copy import deepcopy

from opentraces.domain.ids import TraceId
from opentraces.domain.progress import Progress
from opentraces.ports.progress import ProgressStore


class MemoryProgress(ProgressStore):
    """Copies in and copies out: nobody changes what was saved."""

    def __init__(self) -> None:
        self._saved: dict[TraceId, Progress] = {}

    def load(self, trace: TraceId) -> Progress | None:
        """See ProgressStore."""
        return deepcopy(self._saved.get(trace))

    def save(self, trace: TraceId, progress: Progress) -> None:
        """See ProgressStore."""
        self._saved[trace] = deepcopy(progress)

    def forget(self, trace: TraceId) -> None:
        """See ProgressStore."""
        self._saved.pop(trace, None)
