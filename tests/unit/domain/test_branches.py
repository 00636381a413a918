"""Records of sessions that branched: the active branch, and what was left."""

import pytest
from opentraces_schema import TraceRecord as PublicRecord  # type: ignore[import-untyped]

from opentraces.domain.assemble import assemble
from opentraces.domain.branches import every_step, last_step
from opentraces.domain.branching import Branching, ContextEdit, Expense, Label, Offshoot, Transition
from opentraces.domain.envelope import Envelope, KeptSource, TraceHeader
from opentraces.domain.facts import SourceFacts
from opentraces.domain.ids import SessionId, StepKey, trace_id
from opentraces.domain.kept_step import KeptStep
from opentraces.domain.session import Agent, SourceKind
from opentraces.domain.step import Step, TokenUsage
from opentraces.domain.trace import TraceRecord
from tests.checked import checked_json

SESSION = SessionId("s1")
BRANCHING = Branching(
    inactive=(Offshoot(first=1, last=2, fork=0), Offshoot(first=3, last=3)),
    transitions=(
        Transition(first=3, fork=None, fork_id="gone"),
        Transition(first=4, fork=0, fork_id="e0", left=3, left_id="e3", is_summed_up=True),
    ),
    labels=(Label(ordinal=2, label="keep"),),
    context_edits=(ContextEdit(ordinal=4, is_dropped=True),),
)
EXPENSE = Expense(
    kind="compaction", calls=2, usage=TokenUsage(input_tokens=1000, output_tokens=10), cost_usd=0.5
)


def kept(ordinal: int, cost: str | None = "0.1") -> KeptStep:
    step = Step(
        step_index=ordinal + 1,
        role="agent",
        content=f"said {ordinal}",
        token_usage=TokenUsage(input_tokens=10, output_tokens=ordinal),
    )
    native = {} if cost is None else {"cost_usd": cost}
    key = StepKey(f"{ordinal:016x}")
    return KeptStep(source=0, ordinal=ordinal, key=key, native=native, step=step)


STEPS = [kept(ordinal) for ordinal in range(5)]


def envelope(
    branching: Branching = BRANCHING,
    expenses: tuple[Expense, ...] = (EXPENSE,),
    replays: tuple[StepKey, ...] = (),
) -> Envelope:
    facts = SourceFacts(responses=5, branching=branching, expenses=expenses)
    source = KeptSource(
        kind=SourceKind.TRANSCRIPT, name="sessions/a", location="/a", size=1, facts=facts
    )
    header = TraceHeader(
        agent=Agent.PI, session_id=SESSION, steps=5, sources=(source,), replays=replays
    )
    return Envelope(trace_id=trace_id("pi", SESSION), commit=1, header=header)


RECORD = assemble(envelope(), STEPS)


def numbers(record: TraceRecord) -> list[int]:
    return [step.step_index for step in record.steps]


def test_steps_are_those_of_the_active_branch_and_keep_their_numbers() -> None:
    assert numbers(RECORD) == [1, 5]
    assert RECORD.metrics.total_steps == 2


def test_gaps_are_valid_in_the_public_schema() -> None:
    wire = RECORD.as_json()

    assert PublicRecord.model_validate(wire).model_dump(mode="json") == wire


def test_what_was_left_is_in_the_metadata_by_branch() -> None:
    first, second = RECORD.metadata["pi"]["branches"]["inactive"]

    assert first["fork_step"] == 1
    assert [(step["step_index"], step["parent_step"]) for step in first["steps"]] == [
        (2, 1),
        (3, None),
    ]
    assert first["steps"][0]["content"] == "said 1"
    assert (second["fork_step"], len(second["steps"])) == (None, 1)


def test_what_happened_is_told_with_the_numbers_of_steps() -> None:
    branches = RECORD.metadata["pi"]["branches"]

    assert branches["transitions"] == [
        {"step_index": 4, "fork_id": "gone"},
        {
            "step_index": 5,
            "fork_step": 1,
            "fork_id": "e0",
            "left_step": 4,
            "left_id": "e3",
            "is_summed_up": True,
        },
    ]
    assert branches["labels"] == [{"step_index": 3, "label": "keep"}]
    assert branches["context_edits"] == [{"step_index": 5, "is_dropped": True}]


def test_the_record_costs_what_the_active_branch_did_and_says_what_was_spent() -> None:
    assert RECORD.metrics.total_input_tokens == 20
    assert RECORD.metrics.total_output_tokens == 4
    assert RECORD.metrics.estimated_cost_usd == 0.2
    assert RECORD.metadata["pi"]["spent"] == {
        "input_tokens": 1050,
        "output_tokens": 20,
        "cache_read_tokens": 0,
        "cache_write_tokens": 0,
        "cost_usd": 1.0,
        "beside_steps": [
            {
                "kind": "compaction",
                "calls": 2,
                "input_tokens": 1000,
                "output_tokens": 10,
                "cache_read_tokens": 0,
                "cache_write_tokens": 0,
                "cost_usd": 0.5,
            }
        ],
    }


def test_what_another_trace_holds_is_not_spent_here() -> None:
    record = assemble(envelope(replays=(STEPS[0].key, STEPS[1].key)), STEPS)

    assert record.metrics.estimated_cost_usd == 0.1
    assert record.metrics.total_input_tokens == 10
    assert record.metadata["pi"]["spent"]["input_tokens"] == 1030
    assert record.metadata["pi"]["spent"]["cost_usd"] == 0.8


@pytest.mark.parametrize("unknown", [0, 1])
def test_a_cost_that_is_not_told_of_one_is_not_told_of_all(unknown: int) -> None:
    steps = [kept(n, None if n == unknown else "0.1") for n in range(5)]
    record = assemble(envelope(), steps)

    assert record.metrics.estimated_cost_usd == (None if unknown == 0 else 0.2)
    assert "cost_usd" not in record.metadata["pi"]["spent"]


def test_a_session_without_branches_says_nothing_of_them() -> None:
    record = assemble(envelope(Branching(), ()), [kept(n, None) for n in range(5)])

    assert numbers(record) == [1, 2, 3, 4, 5]
    assert record.metrics.estimated_cost_usd is None
    assert not {"branches", "spent"} & set(record.metadata.get("pi", {}))


def test_all_steps_can_be_had_of_a_record() -> None:
    assert [step.step_index for step in every_step(RECORD)] == [1, 2, 3, 4, 5]
    assert last_step(RECORD) == 5
    everything = Branching(inactive=(Offshoot(first=0, last=4),))
    assert last_step(assemble(envelope(everything), STEPS)) == 5


def test_facts_of_a_bucket_that_knows_no_branches_are_readable() -> None:
    facts = checked_json(SourceFacts, b'{"prompts":1}')

    assert facts.branching == Branching()
    assert "branching" not in facts.told()
