"""Whether hooks saw a session begin, as its steps tell."""

from collections.abc import Collection, Iterable

from opentraces.domain.dependencies.installing import commands_of
from opentraces.domain.ids import StepKey
from opentraces.domain.kept_step import KeptStep
from opentraces.domain.moments import milliseconds
from opentraces.domain.slotted import frozen_dataclass


@frozen_dataclass
class Beginning:
    """The first steps of a session."""

    is_seen: bool
    """Whether the model had answered nothing before the first event."""

    commands_from: int | None = None
    """When the first command may have run, in milliseconds since 1970. None: none did."""


def beginning_of(steps: Iterable[KeptStep], replays: Collection[StepKey], began: int) -> Beginning:
    """Read steps, ascending, until it is told. `began`: the first event, likewise.

    `replays`: keys of steps that another trace holds.
    """
    for kept in steps:
        if kept.step.role != "agent" or kept.key in replays:
            continue
        moment = milliseconds(kept.step.timestamp)
        if moment is None or moment < began:
            return Beginning(is_seen=False)
        if any(True for call in kept.step.tool_calls for _ in commands_of(call)):
            return Beginning(is_seen=True, commands_from=moment)
    return Beginning(is_seen=True)
