"""Totals of a trace, from its steps."""

from collections.abc import Sequence

from opentraces.domain.moments import milliseconds
from opentraces.domain.step import Step, TokenUsage
from opentraces.domain.trace import Metrics


def metrics_of(
    steps: Sequence[Step], started: str | None, ended: str | None, cost_usd: float | None = None
) -> Metrics:
    """Add the steps up; a step that was copied from another trace must cost nothing by now.

    `cost_usd`: what they cost. None: it is not known.
    """
    spent = TokenUsage()
    for step in steps:
        if step.token_usage != _NOTHING:
            spent = spent + step.token_usage
    prompt = spent.input_tokens + spent.cache_read_tokens + spent.cache_write_tokens
    return Metrics(
        total_steps=len(steps),
        total_input_tokens=spent.input_tokens,
        total_output_tokens=spent.output_tokens,
        total_cache_read_tokens=spent.cache_read_tokens,
        total_cache_creation_tokens=spent.cache_write_tokens,
        total_duration_s=_seconds_between(started, ended),
        cache_hit_rate=round(spent.cache_read_tokens / prompt, 6) if prompt else None,
        estimated_cost_usd=cost_usd,
    )


_NOTHING = TokenUsage()


def _seconds_between(started: str | None, ended: str | None) -> float | None:
    first, last = milliseconds(started), milliseconds(ended)
    return None if first is None or last is None else (last - first) / 1000
