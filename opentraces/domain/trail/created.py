"""What a step did to files, as events of a trail."""

from collections.abc import Iterable, Iterator

from opentraces.domain.ids import TraceId
from opentraces.domain.kept_step import KeptStep
from opentraces.domain.trail.events import PatchCreated, StateObserved
from opentraces.domain.trail.file_change import FileChange, TextPlace
from opentraces.domain.trail.patch_ids import patch_id_of

FromStep = PatchCreated | StateObserved
"""An event that follows from a step, and is made again with it."""


def events_of(trace: TraceId, kept: KeptStep, changes: Iterable[FileChange]) -> Iterator[FromStep]:
    """Yield what a step did to files, and what it saw of them."""
    index = kept.step.step_index
    for parsed in changes:
        change = _placed(parsed, kept.source)
        if change.operation == "read":
            yield StateObserved(step_index=index, change=change)
        else:
            patch = patch_id_of(trace, kept.key, change)
            yield PatchCreated(patch_id=patch, step_index=index, change=change)


def subject_of(event: FromStep) -> tuple[str | int | None, ...]:
    """Return what is equal for events of which the later one replaces the earlier one."""
    if isinstance(event, PatchCreated):
        return (event.step_index, event.patch_id)
    change = event.change
    return (event.step_index, change.call, change.number, change.path)


def _placed(change: FileChange, source: int) -> FileChange:
    """Say in which source a change's texts stand."""
    places = {
        name: place.model_copy(update={"source": source})
        for name, place in (("before", change.before), ("after", change.after))
        if isinstance(place, TextPlace) and source
    }
    return change.model_copy(update=places) if places else change
