"""What the ledger is told of a kept trace."""

from sys import intern

from opentraces.domain.copies import ASIDE
from opentraces.domain.envelope import TraceHeader
from opentraces.domain.header import live_facts
from opentraces.domain.ids import TraceId, step_key
from opentraces.domain.kept_step import KeptStep
from opentraces.domain.ledger import Claim
from opentraces.domain.moments import milliseconds
from opentraces.domain.spending import COST, dollars
from opentraces.domain.step import TokenUsage
from opentraces.domain.usage.spent import Account, Beside, Spent, Tokens

CACHE_WRITE_1H = "cache_write_1h"
"""What a step's native values say of tokens that were written to the cache for an hour."""

SPEED = "speed"
"""What they say of the speed that was asked for."""

_MESSAGE = "message_id"


def claim_of(kept: KeptStep) -> Claim:
    """Return a trace's claim to one of its steps."""
    is_counted, native = kept.is_counted, kept.native
    is_spent = is_counted or COST in native or _MESSAGE in native
    return Claim(
        kept.key, is_counted and ASIDE not in native, _spent_of(kept) if is_spent else None
    )


def account_of(trace: TraceId, header: TraceHeader) -> Account:
    """Return whose the responses of a trace are, and what it spent beside its steps."""
    expenses = [each for facts in live_facts(header.sources) for each in facts.expenses]
    beside: dict[str, Beside] = {}
    for each in expenses:
        tokens = _tokens_of(each.usage, 0)
        before = beside.get(each.kind, Beside(each.kind, 0, Tokens(), 0.0))
        costs = (before.cost_usd, each.cost_usd)
        known = [cost for cost in costs if cost is not None]
        beside[each.kind] = Beside(
            each.kind,
            before.calls + each.calls,
            before.tokens.plus(tokens),
            sum(known) if len(known) == len(costs) else None,
        )
    return Account(
        trace=trace,
        agent=header.agent.value,
        project=header.project,
        folder=header.folder,
        title=header.title,
        ended=milliseconds(header.ended),
        beside=tuple(beside.values()),
    )


def _spent_of(kept: KeptStep) -> Spent:
    step, native = kept.step, kept.native
    message = native.get(_MESSAGE)
    return Spent(
        step=step.step_index,
        moment=milliseconds(step.timestamp),
        model=None if step.model is None else intern(step.model),
        is_fast=native.get(SPEED) == "fast",
        tokens=_tokens_of(step.token_usage, _count(native.get(CACHE_WRITE_1H))),
        cost_usd=dollars(native.get(COST)),
        message=None if message is None else step_key((message,)),
        is_aside=ASIDE in native,
    )


def _tokens_of(usage: TokenUsage, for_an_hour: int) -> Tokens:
    written = usage.cache_write_tokens
    hour = min(for_an_hour, written)
    return Tokens(
        usage.input_tokens, usage.output_tokens, usage.cache_read_tokens, written - hour, hour
    )


def _count(text: str | None) -> int:
    return int(text) if text is not None and text.isascii() and text.isdigit() else 0
