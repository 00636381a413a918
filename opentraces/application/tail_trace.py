"""The end of the session being worked on, as it is kept."""

from collections.abc import Collection
from dataclasses import replace

from opentraces.application.get_trace import GetTrace, Gotten
from opentraces.domain.address import Address
from opentraces.domain.branches import last_step
from opentraces.domain.errors import TraceNotFound
from opentraces.domain.ids import TraceId
from opentraces.domain.session import is_inside
from opentraces.domain.slotted import frozen_dataclass
from opentraces.ports.overview import TraceOverview


@frozen_dataclass
class TailRequest:
    """What is wanted."""

    trace: str | None
    """An id, the beginning of one, or a session's own id. None: the trace written last."""

    folders: tuple[str, ...]
    """Folders in one of which a session began that is meant by None; empty: anywhere."""

    steps: int
    """How many steps are shown at first."""


@frozen_dataclass
class TailTrace:
    """Read the end of a trace, and then what comes after it."""

    overview: TraceOverview
    get: GetTrace

    def execute(self, request: TailRequest, seen: Gotten | None = None) -> Gotten | None:
        """Return the last steps; where `seen` is of the same trace, those that came since.

        None: nothing came. Raises TraceNotFound when nothing is kept yet, and as GetTrace.
        """
        trace, count = self._current(request)
        last = last_step(seen.record) if seen else 0
        is_same = seen is not None and seen.record.trace_id == trace
        if is_same and count == last:
            return None
        gotten = self.get.execute(Address(trace))
        if not is_same:
            return replace(gotten, steps=gotten.steps[-request.steps :])
        return replace(gotten, steps=tuple(s for s in gotten.steps if s.step_index > last))

    def _current(self, request: TailRequest) -> tuple[TraceId, int]:
        """Return the trace that is meant, and how many steps it has now."""
        if request.trace is not None:
            envelope = self.get.traces.envelope(self.get.resolve.execute(request.trace))
            return envelope.trace_id, envelope.header.steps
        for brief in self.overview.briefs():
            if brief.skipped is None and _is_meant(brief.folder, request.folders):
                return brief.trace, brief.steps
        raise TraceNotFound("no session of this repository is kept yet → opentraces import")


def _is_meant(folder: str | None, folders: Collection[str]) -> bool:
    return not folders or is_inside(folder, folders)
