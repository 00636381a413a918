"""The trail of one trace as its steps are kept."""

from collections.abc import Iterable, Sequence

from opentraces.application.numbering import Numbered
from opentraces.domain.ids import Digest, TraceId, digest
from opentraces.domain.trail.created import FromStep, events_of, subject_of
from opentraces.domain.trail.events import (
    Anchored,
    PatchCreated,
    SurvivalObserved,
    TrailEvent,
)
from opentraces.domain.trail.lines import line_of
from opentraces.ports.trail_writing import TrailEdit


class StepEvents:
    """The events that follow from steps: each once, and again when it says something else."""

    def __init__(self) -> None:
        self.said: dict[tuple[str | int | None, ...], Digest] = {}
        """A digest of what was said last of each thing."""

    def of(self, trace: TraceId, numbered: Numbered) -> Sequence[FromStep]:
        """Return what a step adds to them."""
        found = events_of(trace, numbered.kept, numbered.changes)
        return [event for event in found if self.take(event)]

    def take(self, event: FromStep) -> bool:
        """Whether it was not said yet, or another way."""
        subject, said = subject_of(event), digest(line_of(event))
        is_new = self.said.get(subject) != said
        self.said[subject] = said
        return is_new

    def ends_as(self, other: "StepEvents") -> bool:
        """Whether both say the same in the end, however often either said it."""
        return self.said == other.said


class TrailKeeping:
    """Writes what steps did to files; what was found of them before is carried over.

    A search that was made before a patch was known stays before it.
    """

    def __init__(self, trace: TraceId, edit: TrailEdit, before: Iterable[TrailEvent] = ()) -> None:
        """`before`: the trail as it was, where it is begun anew; empty: it is gone on with."""
        self._trace = trace
        self._edit = edit
        self._events = StepEvents()
        self._found: list[TrailEvent] = []
        self._late: list[FromStep] = []
        self._written: set[str] = set()
        self._searched: set[str] = set()
        """Patches that were known when something was last found."""
        known: set[str] = set()
        for event in before:
            if isinstance(event, PatchCreated):
                known.add(event.patch_id)
            elif not isinstance(event, FromStep):
                self._found.append(event)
                self._searched |= known
                known.clear()

    def keep(self, numbered: Numbered) -> None:
        """Write what a step did to files."""
        for event in self._events.of(self._trace, numbered):
            if not self._found:
                self._edit.append_trail(event)
            elif isinstance(event, PatchCreated) and event.patch_id not in self._searched:
                self._late.append(event)
            else:
                self._written |= {event.patch_id} if isinstance(event, PatchCreated) else set()
                self._edit.append_trail(event)

    def finish(self) -> None:
        """Write what was found of the patches that are still there; then those that are new."""
        for event in self._found:
            if not isinstance(event, Anchored | SurvivalObserved) or (
                event.patch_id in self._written
            ):
                self._edit.append_trail(event)
        for late in self._late:
            self._edit.append_trail(late)
