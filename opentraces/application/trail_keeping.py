"""The trail of one trace as its steps are kept."""

from collections.abc import Callable, Iterable

from opentraces.application.numbering import Numbered
from opentraces.domain.ids import TraceId
from opentraces.domain.step_events import FromStep, StepEvents
from opentraces.domain.trail.events import (
    Anchored,
    ManifestObserved,
    PatchCreated,
    SurvivalObserved,
    TrailEvent,
)
from opentraces.domain.trail.file_change import TAKEN_BACK
from opentraces.domain.trail.noteworthy import Noteworthy
from opentraces.domain.trail.observed import is_observed
from opentraces.ports.trail_writing import TrailEdit


class TrailKeeping:
    """Adds what steps did to files to a trail that is gone on with."""

    def __init__(
        self,
        trace: TraceId,
        edit: TrailEdit,
        known: int = 0,
        earlier: Callable[[], Iterable[TrailEvent]] = tuple,
    ) -> None:
        """`known`: how many steps were kept before; `earlier`: yields the trail as it is.

        It is read only when one of those steps is amended.
        """
        self._trace = trace
        self._edit = edit
        self._known = known
        self._earlier = earlier
        self._events = StepEvents()
        self.touched: set[str] = set()
        """Files that steps changed or saw, as the agent names them."""
        self.said = Noteworthy()
        """What was written so far."""

    def keep(self, numbered: Numbered) -> None:
        """Write what a step did to files."""
        kept = numbered.kept
        if kept.step.step_index <= self._known:
            self._known = 0
            for earlier in self._earlier():
                if isinstance(earlier, FromStep):
                    self._events.take(earlier)
        self.touched |= {change.path for change in numbered.changes}
        for event in self._events.of(self._trace, kept, numbered.changes):
            self._write(event)

    def add(self, event: ManifestObserved) -> None:
        """Write what is no step's doing, once; after `finish`."""
        self._append(event)

    def finish(self) -> None:
        """Write what is left to be written, after the last step."""

    def _write(self, event: FromStep) -> None:
        self._append(event)

    def _append(self, event: TrailEvent) -> None:
        self._edit.append_trail(event)
        self.said.take(event)


class TrailAnew(TrailKeeping):
    """Writes a trail that is begun anew; what was found of it before is carried over.

    A search that was made before a patch was known stays before it.
    """

    def __init__(self, trace: TraceId, edit: TrailEdit, before: Iterable[TrailEvent]) -> None:
        """`before`: the trail as it was; empty: nothing is to be carried over."""
        super().__init__(trace, edit)
        self._found: list[TrailEvent] = []
        self._late: list[FromStep] = []
        self._written: set[str] = set()
        self._manifests: set[tuple[str, str, str]] = set()
        self._searched: set[str] = set()
        """Patches that were known when something was last found."""
        known: set[str] = set()
        for event in before:
            if is_observed(event):
                self._found.append(event)
            elif isinstance(event, ManifestObserved):
                self._manifests.add(_place(event))
                self._found.append(event)
            elif isinstance(event, PatchCreated):
                known.add(event.patch_id)
            elif not isinstance(event, FromStep):
                self._found.append(event)
                self._searched |= known
                known.clear()
        edit.restart_trail()

    def finish(self) -> None:
        """Write what was found of the patches that are still there; then those that are new."""
        for event in self._found:
            if not isinstance(event, Anchored | SurvivalObserved) or (
                event.patch_id in self._written
            ):
                self._append(event)
        for late in self._late:
            self._append(late)

    def add(self, event: ManifestObserved) -> None:
        """Write what is no step's doing, and was not carried over."""
        if _place(event) not in self._manifests:
            super().add(event)

    def _write(self, event: FromStep) -> None:
        if not isinstance(event, PatchCreated):
            self._append(event)
        elif self._found and event.patch_id not in self._searched:
            self._late.append(event)
        else:
            self._append(event)
            self._written.add(event.patch_id)
            if TAKEN_BACK in event.change.limitations:
                self._written.discard(event.patch_id)


def _place(event: ManifestObserved) -> tuple[str, str, str]:
    return event.commit, event.path, event.blob
