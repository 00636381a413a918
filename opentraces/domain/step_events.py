"""What a step did to files, as events of a trail."""

from collections.abc import Iterable, Iterator

from opentraces.domain.ids import Digest, TraceId, digest
from opentraces.domain.kept_step import KeptStep
from opentraces.domain.trail.events import PatchCreated, StateObserved
from opentraces.domain.trail.file_change import TAKEN_BACK, FileChange, Operation, TextPlace
from opentraces.domain.trail.lines import line_of
from opentraces.domain.trail.patch_ids import patch_id_of

FromStep = PatchCreated | StateObserved
"""An event that follows from a step, and is made again with it."""

_Subject = tuple[str | None, int, str, str | None, Operation]
"""Call, number, path, earlier path and operation: what a patch of a step is told by."""


def events_of(trace: TraceId, kept: KeptStep, changes: Iterable[FileChange]) -> Iterator[FromStep]:
    """Yield what a step did to files, and what it saw of them."""
    for parsed in changes:
        change = _placed(parsed, kept.source)
        yield _event(trace, kept, change)


class StepEvents:
    """The events that follow from steps: each once, and again when it says something else."""

    def __init__(self) -> None:
        self._said: dict[int, dict[_Subject, Digest]] = {}
        """A digest of what was said last, by step and subject."""

    def of(self, trace: TraceId, kept: KeptStep, changes: Iterable[FileChange]) -> list[FromStep]:
        """Return what a step adds to them: what it does not say any more is taken back."""
        found = list(events_of(trace, kept, changes))
        still = {_subject(event) for event in found}
        gone = [
            _event(trace, kept, _taken_back(subject))
            for subject in self._said.get(kept.step.step_index, ())
            if subject not in still
        ]
        return [event for event in (*gone, *found) if self.take(event)]

    def take(self, event: FromStep) -> bool:
        """Whether it was not said yet, or another way."""
        subject, said = _subject(event), digest(line_of(event))
        known = self._said.setdefault(event.step_index, {})
        if TAKEN_BACK in event.change.limitations:
            return known.pop(subject, None) is not None
        is_new = known.get(subject) != said
        known[subject] = said
        return is_new

    def ends_as(self, other: "StepEvents") -> bool:
        """Whether both say the same in the end, however often either said it."""
        return self.standing == other.standing

    @property
    def standing(self) -> dict[int, dict[_Subject, Digest]]:
        """What was said and not taken back, as digests by step and subject."""
        return {step: said for step, said in self._said.items() if said}


def _event(trace: TraceId, kept: KeptStep, change: FileChange) -> FromStep:
    index = kept.step.step_index
    if change.operation == "read":
        return StateObserved(step_index=index, change=change)
    patch = patch_id_of(trace, kept.key, change)
    return PatchCreated(patch_id=patch, step_index=index, change=change)


def _subject(event: FromStep) -> _Subject:
    change = event.change
    return (change.call, change.number, change.path, change.moved_from, change.operation)


def _taken_back(subject: _Subject) -> FileChange:
    call, number, path, moved_from, operation = subject
    return FileChange(
        call=call,
        number=number,
        path=path,
        moved_from=moved_from,
        operation=operation,
        limitations=(TAKEN_BACK,),
    )


def _placed(change: FileChange, source: int) -> FileChange:
    """Say in which source a change's texts stand."""
    places = {
        name: place.but(source=source)
        for name, place in (("before", change.before), ("after", change.after))
        if isinstance(place, TextPlace) and source
    }
    return change.but(**places) if places else change
