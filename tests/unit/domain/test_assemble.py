"""A record from an envelope and its steps: what is joined, what is left out, what is counted."""

from typing import Any

from opentraces.domain.assemble import assemble, wire_bytes
from opentraces.domain.envelope import Envelope, KeptSource
from opentraces.domain.facts import AgentLink, Compaction, SourceFacts, Surroundings
from opentraces.domain.header import header_of
from opentraces.domain.ids import SessionId, TraceId, read_json, step_key
from opentraces.domain.kept_step import KeptStep
from opentraces.domain.line_counts import LineCounts
from opentraces.domain.session import Agent, FoundSession, SourceFile, SourceKind
from opentraces.domain.skipping import NOTHING_RECOGNISED, NOTHING_SAID
from opentraces.domain.step import Observation, Step, TokenUsage, ToolCall

SESSION = FoundSession(
    Agent.CLAUDE_CODE,
    SessionId("s1"),
    (SourceFile("p/s1.jsonl", SourceKind.TRANSCRIPT, "/x/s1.jsonl", 1, ""),),
)
FACTS = SourceFacts(
    first_moment=5,
    started="2026-01-01T00:00:00.000Z",
    ended="2026-01-01T00:01:00.500Z",
    first_prompt="Fix the   bug\nplease",
    versions=("2.0.0", "2.1.0"),
    folders=("/home/dev/widgets", "/home/dev/other"),
    branches=("main", "feature"),
    prompts=1,
    responses=2,
    lines=LineCounts(recognised=9, unknown=1),
)


def source(facts: SourceFacts | None = FACTS, **changes: Any) -> KeptSource:
    fields = {"kind": SourceKind.TRANSCRIPT, "name": "p/s1.jsonl", "location": "/x", "size": 9}
    return KeptSource(**{**fields, "facts": facts, **changes})


def step(index: int, key: str = "", source: int = 0, **changes: Any) -> KeptStep:
    native = changes.pop("native", {})
    return KeptStep(
        source=source,
        ordinal=index - 1,
        key=step_key((key or f"key{index}",)),
        native=native,
        step=Step(step_index=index, **{"role": "agent", **changes}),
    )


def envelope(*sources: KeptSource, replays: tuple[str, ...] = (), steps: int = 1) -> Envelope:
    keys = tuple(step_key((key,)) for key in replays)
    header = header_of(SESSION, sources, steps=steps, generation=0, replays=keys)
    return Envelope(trace_id=TraceId("t"), commit=1, header=header)


PAID = TokenUsage(input_tokens=3, output_tokens=5, cache_read_tokens=7, cache_write_tokens=10)


def test_session_is_described_by_its_first_folder_and_prompt() -> None:
    record = assemble(envelope(source()), [])

    assert record.metadata["project"] == "widgets"
    assert record.metadata["title"] == "Fix the bug please"
    assert record.task.description == "Fix the   bug\nplease"
    assert record.agent.version == "2.1.0"
    assert record.environment.vcs.branch == "main"
    assert record.environment.os is None
    assert record.metrics.total_duration_s == 60.5


def test_machine_is_what_the_agent_said_of_it() -> None:
    said = Surroundings(os="Linux 6.1", platform="linux", shell="bash", is_repository=True)  # noqa: S604

    environment = assemble(
        envelope(source(FACTS.but(surroundings=said, branches=()))), []
    ).environment

    assert (environment.os, environment.shell, environment.arch) == ("Linux 6.1", "bash", None)
    assert environment.vcs.type == "git"
    assert environment.vcs.branch is None


def test_name_given_by_the_user_goes_before_the_agent_s_and_the_prompt() -> None:
    named = FACTS.but(given_title="Mine", agent_title="Its")
    titled = FACTS.but(agent_title="Its")

    assert envelope(source(named)).header.title == "Mine"
    assert envelope(source(titled)).header.title == "Its"


def test_call_without_an_answer_has_no_result() -> None:
    calls = (
        ToolCall(tool_call_id="a", tool_name="Bash"),
        ToolCall(tool_call_id="b", tool_name="Bash"),
    )
    seen = (Observation(source_call_id="a", content="ok"),)

    record = assemble(envelope(source()), [step(1, tool_calls=calls, observations=seen)])

    assert [o.error for o in record.steps[0].observations] == [None, "no_result"]


def test_step_that_another_trace_holds_is_shown_and_costs_nothing() -> None:
    kept = [
        step(1, "old", token_usage=PAID, native={"message_id": "m1", "request_id": "r1"}),
        step(2, "new", token_usage=PAID),
    ]

    record = assemble(envelope(source(), replays=("old",)), kept)

    assert record.metrics.total_output_tokens == 5
    assert record.metrics.total_steps == 2
    assert record.steps[0].token_usage == TokenUsage()
    assert record.metadata["copied_steps"] == [
        {"step_index": 1, "message_id": "m1", "request_id": "r1"}
    ]


def test_step_that_stands_twice_in_one_trace_is_counted_once() -> None:
    kept = [step(1, "same", token_usage=PAID), step(2, "same", token_usage=PAID, source=1)]

    record = assemble(envelope(source(), source(name="q/s1.jsonl")), kept)

    assert record.metrics.total_cache_creation_tokens == 10
    assert [row["step_index"] for row in record.metadata["copied_steps"]] == [2]


def test_side_question_s_copy_of_its_parent_is_counted_once() -> None:
    kept = [
        step(1, "m1+r1", token_usage=PAID, native={"message_id": "m1"}),
        step(2, "m1+r2", token_usage=PAID, native={"message_id": "m1", "aside": "true"}),
        step(3, "m9+r9", token_usage=PAID, native={"message_id": "m9", "aside": "true"}),
    ]

    assert assemble(envelope(source()), kept).metrics.total_input_tokens == 6


def test_sub_agent_s_steps_hang_on_the_call_that_started_it() -> None:
    main = FACTS.but(links=(AgentLink(agent_id="a1", tool_call_id="call", agent_type="Explore"),))
    helper = SourceFacts(agent_id="a1", responses=1)
    call = (ToolCall(tool_call_id="call", tool_name="Agent"),)
    kept = [step(1, tool_calls=call), step(2, source=1, call_type="subagent"), step(3)]
    sources = (
        source(main),
        source(helper, name="p/s1/a1.jsonl", kind=SourceKind.SUBAGENT),
    )

    record = assemble(envelope(*sources), kept)

    assert [each.parent_step for each in record.steps] == [None, 1, None]
    assert record.steps[1].agent_role == "Explore"
    assert record.metadata["subagents"] == [
        {
            "agent_id": "a1",
            "agent_type": "Explore",
            "description": None,
            "tool_call_id": "call",
            "parent_step": 1,
            "steps": [2],
        }
    ]


def test_events_of_a_source_name_steps_of_the_trace() -> None:
    facts = FACTS.but(compactions=(Compaction(ordinal=1, trigger="auto"),), interruptions=(0,))

    record = assemble(envelope(source(facts)), [step(1), step(2)])

    assert record.metadata["compactions"] == [
        {"step_index": 2, "trigger": "auto", "parent_lost": False}
    ]
    assert record.metadata["interruptions"] == [{"step_index": 1}]


def test_superseded_source_says_nothing_and_is_listed() -> None:
    old = source(FACTS.but(given_title="Old"), superseded=True)

    record = assemble(envelope(old, source()), [])

    assert record.metadata["title"] == "Fix the bug please"
    assert record.metadata["lines"] == {"recognised": 9, "unknown": 1, "bad": 0}
    assert [row.get("superseded") for row in record.metadata["sources"]] == [True, None]


def test_session_in_which_nobody_spoke_is_no_trace() -> None:
    silent = SourceFacts(lines=LineCounts(recognised=3))
    foreign = SourceFacts(lines=LineCounts(unknown=3, bad=1))

    assert envelope(source(silent)).header.skipped == NOTHING_SAID
    assert envelope(source(foreign)).header.skipped == NOTHING_RECOGNISED
    assert envelope(source()).header.skipped is None


def test_same_content_has_the_same_bytes_and_hash() -> None:
    first, second = (assemble(envelope(source()), [step(1)]) for _ in range(2))

    assert wire_bytes(first) == wire_bytes(second)
    assert first.content_hash
    assert read_json(wire_bytes(first))["content_hash"] == first.content_hash
    assert assemble(envelope(source()), [step(1, content="x")]).content_hash != first.content_hash
