"""What of a trail had happened when a step began."""

from collections.abc import Iterable, Iterator

from opentraces.domain.moments import milliseconds
from opentraces.domain.step import Step
from opentraces.domain.trail.events import PatchCreated, StateObserved
from opentraces.domain.trail.file_change import NO_RESULT

Happened = PatchCreated | StateObserved


def happened_before(happened: Iterable[Happened], step: Step | None) -> Iterator[Happened]:
    """Yield what had happened to files before a step, and was seen of them. None: all of it.

    That is what earlier steps did, and what no step is known to have done at an earlier moment. A
    call of which no result is kept may have done nothing.
    """
    for each in happened:
        if NO_RESULT not in each.change.limitations and _is_before(each, step):
            yield each


def _is_before(each: Happened, step: Step | None) -> bool:
    if step is None or each.step_index > 0:
        return step is None or each.step_index < step.step_index
    at, moment = milliseconds(step.timestamp), each.change.moment
    return at is not None and moment is not None and moment <= at
