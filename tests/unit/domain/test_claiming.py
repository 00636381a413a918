"""What the ledger is told of a kept step, and of a trace."""

from typing import Any

import pytest

from opentraces.domain.branching import Expense
from opentraces.domain.claiming import account_of, claim_of
from opentraces.domain.envelope import KeptSource, TraceHeader
from opentraces.domain.facts import SourceFacts
from opentraces.domain.ids import SessionId, StepKey, step_key, trace_id
from opentraces.domain.kept_step import KeptStep
from opentraces.domain.session import Agent, SourceKind
from opentraces.domain.step import Step, TokenUsage
from opentraces.domain.usage.spent import Account, Beside, Spent, Tokens

KEY = StepKey("0123456789abcdef")
USAGE = TokenUsage(input_tokens=1, output_tokens=2, cache_read_tokens=3, cache_write_tokens=10)


def kept(usage: TokenUsage = USAGE, native: dict[str, str] | None = None, **more: Any) -> KeptStep:
    step = Step(step_index=7, role="agent", token_usage=usage, **more)
    return KeptStep(source=0, ordinal=0, key=KEY, native=native or {}, step=step)


def spent(step: KeptStep) -> Spent:
    what = claim_of(step).spent
    assert what is not None
    return what


def test_a_response_is_booked_as_the_agent_wrote_it() -> None:
    step = kept(
        native={"message_id": "msg_1", "cache_write_1h": "4", "speed": "fast", "cost_usd": "0.25"},
        model="anthropic/claude-opus-4-8",
        timestamp="2026-11-01T01:00:00.500+01:00",
    )

    claim = claim_of(step)

    assert (claim.key, claim.counted) == (KEY, True)
    assert claim.spent == Spent(
        step=7,
        moment=1_793_491_200_500,
        model="anthropic/claude-opus-4-8",
        is_fast=True,
        tokens=Tokens(1, 2, 3, 6, 4),
        cost_usd=0.25,
        message=step_key(("msg_1",)),
        is_aside=False,
    )


@pytest.mark.parametrize(
    ("said", "writes"),
    [("4", (6, 4)), ("10", (0, 10)), ("11", (0, 10)), ("-1", (10, 0)), ("x", (10, 0))],
)
def test_cache_writes_are_split_as_far_as_it_is_said(said: str, writes: tuple[int, int]) -> None:
    tokens = spent(kept(native={"cache_write_1h": said})).tokens

    assert (tokens.cache_write_5m, tokens.cache_write_1h) == writes
    assert tokens.cache_write == 10


def test_what_is_not_said_is_not_known() -> None:
    assert spent(kept())[1:] == (None, None, False, Tokens(1, 2, 3, 10, 0), None, None, False)


def test_a_step_that_used_nothing_is_not_booked() -> None:
    assert claim_of(kept(TokenUsage())).spent is None


@pytest.mark.parametrize("native", [{"cost_usd": "0.5"}, {"message_id": "msg_1"}])
def test_what_has_a_cost_or_a_message_is(native: dict[str, str]) -> None:
    claim = claim_of(kept(TokenUsage(), native))

    assert (claim.counted, claim.spent is None) == (False, False)


def test_a_side_question_is_booked_and_claims_no_response() -> None:
    claim = claim_of(kept(native={"aside": "true", "message_id": "msg_1"}))

    assert claim.counted is False
    assert claim.spent is not None
    assert claim.spent.is_aside


def expense(kind: str, cost: float | None) -> Expense:
    return Expense(kind=kind, calls=2, usage=USAGE, cost_usd=cost)


def source(name: str, *expenses: Expense) -> KeptSource:
    facts = SourceFacts(expenses=expenses)
    return KeptSource(
        kind=SourceKind.TRANSCRIPT, name=name, location=f"/{name}", size=1, facts=facts
    )


def test_expenses_of_all_sources_are_added_up_by_kind() -> None:
    sources = (
        source("a", expense("compaction", 0.5), expense("branch_summary", None)),
        source("b", expense("compaction", 0.25)),
    )
    header = TraceHeader(
        agent=Agent.PI,
        session_id=SessionId("s"),
        title="Mend it",
        project="widgets",
        folder="/home/dev/widgets",
        ended="1970-01-01T00:00:01Z",
        sources=sources,
    )
    trace = trace_id("pi", SessionId("s"))

    assert account_of(trace, header) == Account(
        trace,
        "pi",
        "widgets",
        "/home/dev/widgets",
        "Mend it",
        1000,
        (
            Beside("compaction", 4, Tokens(2, 4, 6, 20, 0), 0.75),
            Beside("branch_summary", 2, Tokens(1, 2, 3, 10, 0), None),
        ),
    )
