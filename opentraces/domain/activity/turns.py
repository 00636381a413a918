"""Turns: what a person asked for, and all that came of it up to the next request."""

from collections.abc import Sequence
from typing import NamedTuple

from opentraces.domain.activity.course import Passed


class Turn(NamedTuple):
    """One request, and what came of it."""

    request: Passed | None
    """What was asked for. None: what came before anything was."""

    steps: tuple[Passed, ...]
    """Its steps, the request first, ascending; never empty."""

    @property
    def first(self) -> int:
        """The number of its first step."""
        return self.steps[0].number

    @property
    def last(self) -> int:
        """The number of its last step."""
        return self.steps[-1].number


def turns_of(steps: Sequence[Passed]) -> tuple[Turn, ...]:
    """Cut a course into turns: each step is in exactly one of them."""
    turns: list[Turn] = []
    run: list[Passed] = []
    for step in steps:
        if step.is_request and run:
            turns.append(_turn(run))
            run = []
        run.append(step)
    return (*turns, _turn(run)) if run else tuple(turns)


def _turn(run: Sequence[Passed]) -> Turn:
    return Turn(run[0] if run[0].is_request else None, tuple(run))
