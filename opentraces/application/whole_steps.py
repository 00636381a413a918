"""What can be read of a trace's steps where some of them are damaged."""

from opentraces.domain.envelope import Envelope, is_steps
from opentraces.domain.errors import Corrupt
from opentraces.domain.kept_step import KeptStep
from opentraces.domain.slotted import frozen_dataclass
from opentraces.ports.traces import TraceStore

_ONE_BY_ONE = 2000
"""So many steps of a run are looked for one by one: an envelope may claim any number."""


@frozen_dataclass
class WholeSteps:
    """The steps that are whole, ascending."""

    steps: tuple[KeptStep, ...]
    """Each as last amended: one whose last amendment is lost is not among them."""

    damage: str | None
    """Why some are missing, in words. None: these are all."""


def whole_steps(traces: TraceStore, envelope: Envelope) -> WholeSteps:
    """Read what is whole: run by run, and step by step where a run overlaps a damaged one.

    Raises StorageUnavailable.
    """
    try:
        return WholeSteps(tuple(traces.steps(envelope, 1, None)), None)
    except Corrupt as error:
        why = str(error)
    whole: dict[int, KeptStep] = {}
    for first, last in _runs(envelope):
        found = _between(traces, envelope, first, last)
        if found is None:
            found = ()
            for number in range(first, min(last, first + _ONE_BY_ONE) + 1):
                found += _between(traces, envelope, number, number) or ()
        whole |= {kept.step.step_index: kept for kept in found}
    lost = _ranges(_gaps(sorted(whole), envelope.header.steps))
    said = f"{why}; lost: {lost}" if lost else why
    return WholeSteps(tuple(whole[number] for number in sorted(whole)), said)


def _runs(envelope: Envelope) -> list[tuple[int, int]]:
    """Return the first and the last step of each run; no numbers that there are no steps of."""
    file = next((name for name in envelope.files if is_steps(name)), None)
    members = envelope.files[file].members if file else ()
    most = envelope.header.steps
    return [(max(each.first, 1), min(each.last, most)) for each in members]


def _between(
    traces: TraceStore, envelope: Envelope, first: int, last: int
) -> tuple[KeptStep, ...] | None:
    """Return some steps. None: not all of them are whole."""
    try:
        return tuple(traces.steps(envelope, first, last))
    except Corrupt:
        return None


def _gaps(numbers: list[int], most: int) -> list[tuple[int, int]]:
    """Return what lies between ascending numbers, from 1 to `most`; not one by one."""
    after = [0, *numbers]
    until = [*numbers, most + 1]
    return [(a + 1, b - 1) for a, b in zip(after, until, strict=True) if b - a > 1]


def _ranges(gaps: list[tuple[int, int]]) -> str:
    """Return numbers as addresses name them: `:3, :5-8`."""
    return ", ".join(f":{a}" if a == b else f":{a}-{b}" for a, b in gaps)
