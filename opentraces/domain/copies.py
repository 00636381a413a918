"""Which steps of a trace stand there a second time: copied history, counted elsewhere."""

from collections.abc import Collection, Iterable

from opentraces.domain.ids import StepKey
from opentraces.domain.kept_step import KeptStep

ASIDE = "aside"
"""The mark, in a step's native ids, of a side question that replays its parent's history."""


def copied_steps(steps: Iterable[KeptStep], replays: Collection[StepKey]) -> frozenset[int]:
    """Return the numbers of steps that another trace, or an earlier step, holds already."""
    steps = list(steps)
    elsewhere = frozenset(replays)
    own = {kept.native.get("message_id") for kept in steps if ASIDE not in kept.native}
    seen: set[StepKey] = set()
    copied = set()
    for kept in steps:
        replayed = ASIDE in kept.native and kept.native.get("message_id", "") in own
        if kept.key in elsewhere or kept.key in seen or replayed:
            copied.add(kept.step.step_index)
        seen.add(kept.key)
    return frozenset(copied)
