"""What a trace spent and met in all, from what can be found of its steps."""

from collections.abc import Collection, Iterable
from typing import NamedTuple


class StepAmounts(NamedTuple):
    """What one step adds to its trace."""

    step: int
    """Its number."""

    key: int
    """What the agent calls it, as a number: equal in every copy of the step."""

    tokens: int
    """Tokens of its response, of every kind."""

    cost: int | None
    """Millionths of a US dollar. None: not known."""

    error: bool
    """Whether something failed in it."""


class Amounts(NamedTuple):
    """What a trace adds up to."""

    tokens: int
    """Tokens, of every kind."""

    cost: int | None
    """Millionths of a US dollar. None: of a response it is not known."""

    error: bool
    """Whether something failed in one of its steps."""


def amounts_of(
    steps: Iterable[StepAmounts], replays: Collection[int], tokens: int, cost: int | None
) -> Amounts:
    """Add steps up: each response once, those of another trace left out.

    `tokens`, `cost`: what was spent beside them.
    """
    seen = set(replays)
    error = False
    for step in sorted(steps):
        error = error or step.error
        if step.key not in seen:
            seen.add(step.key)
            tokens += step.tokens
            cost = None if cost is None or step.cost is None else cost + step.cost
    return Amounts(tokens, cost, error)
