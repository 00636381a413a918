"""What a response cost by the list, to be searched by: the user's own prices are not in it."""

from functools import cache

from opentraces.domain.usage.price_list import price_table
from opentraces.domain.usage.prices import PriceTable
from opentraces.domain.usage.spent import Spent


def listed_cost(spent: Spent) -> float | None:
    """Return what a response cost in US dollars: what its agent wrote, else by the list.

    None: the agent did not, and its model has no price.
    """
    if spent.cost_usd is not None:
        return spent.cost_usd
    seconds = None if spent.moment is None else spent.moment // 1000
    price = _table().price(spent.model, seconds) if spent.model else None
    if price is None:
        return None
    prompt = spent.tokens.total - spent.tokens.output
    is_long = price.long_over is not None and prompt > price.long_over
    return price.cost(spent.tokens, is_long=is_long, is_fast=spent.is_fast)


@cache
def _table() -> PriceTable:
    return price_table({})
