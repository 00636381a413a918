"""What a session cost in US dollars, and what it spent in all."""

from collections.abc import Iterable, Sequence
from math import fsum
from typing import Any

from opentraces.domain.branching import Expense
from opentraces.domain.kept_step import KeptStep
from opentraces.domain.step import TokenUsage

COST = "cost_usd"
"""What a step's native values say that its response cost, in US dollars, as the agent wrote it."""

_DIGITS = 9


def cost_of(steps: Iterable[KeptStep]) -> float | None:
    """Return what steps cost together. None: of a response, or of all, it is not said."""
    costs = []
    for kept in steps:
        said = dollars(kept.native.get(COST))
        if said is not None:
            costs.append(said)
        elif kept.is_counted:
            return None
    return round(fsum(costs), _DIGITS) if costs else None


def spent_of(steps: Sequence[KeptStep], expenses: Sequence[Expense]) -> dict[str, Any]:
    """Return all that was spent: by steps, on whatever branch, and beside them.

    Empty where the agent says nothing that the steps do not.
    """
    paid = [kept for kept in steps if kept.is_counted or COST in kept.native]
    if not expenses and not any(COST in kept.native for kept in paid):
        return {}
    costs = [*([cost_of(paid)] if paid else ()), *(each.cost_usd for each in expenses)]
    total = sum((kept.step.token_usage for kept in steps), TokenUsage())
    total = sum((each.usage for each in expenses), total)
    known = [cost for cost in costs if cost is not None]
    said = {
        **_tokens(total),
        "cost_usd": round(fsum(known), _DIGITS) if len(known) == len(costs) else None,
        "beside_steps": [_row(each) for each in expenses],
    }
    return {key: value for key, value in said.items() if value not in (None, [])}


def _row(expense: Expense) -> dict[str, Any]:
    said = {"kind": expense.kind, "calls": expense.calls, **_tokens(expense.usage)}
    return said if expense.cost_usd is None else {**said, "cost_usd": expense.cost_usd}


def _tokens(usage: TokenUsage) -> dict[str, int]:
    return {
        "input_tokens": usage.input_tokens,
        "output_tokens": usage.output_tokens,
        "cache_read_tokens": usage.cache_read_tokens,
        "cache_write_tokens": usage.cache_write_tokens,
    }


def dollars(text: str | None) -> float | None:
    """Return an amount as the agent wrote it. None: there is none, or it is no number."""
    try:
        return float(text) if text is not None else None
    except ValueError:
        return None
