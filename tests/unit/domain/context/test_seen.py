"""Which node each step saw."""

from opentraces.domain.context.events import ContextEvent, NodeObserved
from opentraces.domain.context.growing import Call, GrowingContext
from opentraces.domain.context.lines import of_source
from opentraces.domain.context.seen import seen_by, without
from opentraces.domain.ids import StepKey
from opentraces.domain.kept_step import KeptStep
from opentraces.domain.session import Agent
from opentraces.domain.step import Role, Step


def kept(index: int, message: str | None, source: int = 0, role: Role = "agent") -> KeptStep:
    native = {} if message is None else {"message_id": message}
    return KeptStep(
        source=source,
        ordinal=index,
        key=StepKey(f"{index:016x}"),
        native=native,
        step=Step(step_index=index, role=role),
    )


def tree(*calls: str, source: int = 0) -> list[ContextEvent]:
    context = GrowingContext()
    for call in calls:
        context.add("user", call, call)
        context.layer("runtime_state", {"of": call}, {"of": call}, "full")
        context.call(Call(call, limitations=(f"of {call}",)))
    return [of_source(event, source) for event in context.take()]


def names(events: list[ContextEvent]) -> list[str]:
    return [event.node_id for event in events if isinstance(event, NodeObserved)]


STEPS = (kept(1, None, role="user"), kept(2, "msg_a"), kept(3, "msg_b"), kept(4, "msg_c"))


def test_a_step_saw_the_node_of_its_answer_wherever_that_stands() -> None:
    events = [*tree("msg_b", "msg_a"), *tree("msg_b", source=1)]
    seen = seen_by(Agent.CLAUDE_CODE, STEPS, events)

    assert {n: node.call for n, node in seen.nodes.items()} == {2: "msg_a", 3: "msg_b"}
    steps = seen.steps(each.step for each in STEPS)
    first, second = names(events)[:2]
    assert [step.context_node_id for step in steps] == [None, second, first, None]


def test_an_answer_of_another_source_is_another_answer() -> None:
    steps = (kept(1, "msg_a"), kept(2, "msg_a", source=1))
    events = [*tree("x", "msg_a"), *tree("msg_a", source=1)]
    seen = seen_by(Agent.CLAUDE_CODE, steps, events)

    assert {n: node.node_id for n, node in seen.nodes.items()} == {
        1: names(events)[1],
        2: names(events)[2],
    }


def test_a_later_node_of_an_answer_takes_the_place_of_the_earlier() -> None:
    events = [*tree("msg_a"), *tree("before", "msg_a")]
    seen = seen_by(Agent.CLAUDE_CODE, STEPS, events)

    assert seen.nodes[2].node_id == names(events)[-1]


def test_nodes_of_copied_steps_are_another_traces() -> None:
    whole = tree("msg_a", "msg_b", "msg_c")
    shed = [*without(whole, {(0, "msg_a"), (0, "msg_b")})]
    seen = [seen_by(Agent.CLAUDE_CODE, STEPS, events, {2, 3}) for events in (whole, shed)]

    assert names(shed) == names(whole)[2:]
    assert seen[0].summary == seen[1].summary
    assert seen[0].summary["node_count"] == 1
    assert seen[0].summary["layer_count"] == 1
    assert seen[0].summary["capture_limitations"] == ["of msg_c"]
    assert [{*each.nodes} for each in seen] == [{4}, {4}]


def test_no_tree_has_no_summary() -> None:
    seen = seen_by(Agent.CLAUDE_CODE, STEPS, [])

    assert (seen.summary, seen.nodes) == ({}, {})


def test_an_agent_that_tells_no_answers_has_no_nodes() -> None:
    assert seen_by(Agent.HERMES, STEPS, tree("msg_a")).nodes == {}
