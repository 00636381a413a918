"""What is kept of recorded bodies gives them back, and says what the model saw at which call."""

import gzip
import random
from collections import Counter
from functools import cache

import pytest

from opentraces.domain.context.blocks import block_id
from opentraces.domain.context.events import ContextEvent, LayerObserved, NodeObserved, PartObserved
from opentraces.domain.context.joining import joined
from opentraces.domain.context.lines import KINDS, line_of
from opentraces.domain.context.live import THINKING_REDACTED, is_of_body
from opentraces.domain.context.node_ids import id_of, layer_id
from opentraces.domain.context.templates import render
from opentraces.domain.context.tree import ContextTree
from opentraces.domain.ids import read_json
from tests.checked import checked
from tests.recorded_bodies import (
    READINGS,
    SCENARIOS,
    Keeping,
    Session,
    all_sessions,
    answers_with_body,
    assert_is_what_was_sent,
    is_request,
    live_calls,
    sessions,
    told,
)

EACH = pytest.mark.parametrize(("scenario", "number"), all_sessions())
READ = pytest.mark.parametrize("read", READINGS)

OTHERS = {
    ("edit_commit", 0): {},
    ("interactive", 0): {"title": 1, "compaction": 1},
    ("long", 0): {},
    ("subagent", 0): {},
    # The session that was resumed and compacted; what /clear began; the fork.
    ("resume", 0): {"compaction": 1},
    ("resume", 1): {},
    ("resume", 2): {},
}
"""Requests that are no step, read off the script of each scenario."""

FAILED = {
    "T-OVERLOAD": (1, {"retry": 2}),
    "T-EXHAUST": (0, {"retry": 2, "step": 1}),
    "T-BAD": (0, {"step": 1}),
    "T-AUTH": (1, {"retry": 5}),
    "T-LIMIT": (1, {"retry": 1}),
    "T-INTTOOL": (1, {}),
    "T-INTSTREAM": (0, {"step": 1}),
    "T-TERM": (1, {}),
    "T-KILL": (1, {}),
    "T-CUT": (1, {"retry": 1}),
    "T-MAXTOK": (2, {}),
    "T-REFUSE": (1, {}),
}
"""By the prompt of each session of `failures`: how many calls were answered, and the others."""


@cache
def keeping(scenario: str, number: int, read: str = "by order") -> Keeping:
    return Keeping.of(sessions(scenario)[number], READINGS[read])


def tree_of(scenario: str, number: int, read: str = "by order") -> ContextTree:
    return ContextTree.of(keeping(scenario, number, read).events)


@READ
@EACH
def test_a_body_comes_back_as_the_same_bytes(scenario: str, number: int, read: str) -> None:
    values = keeping(scenario, number, read).values

    for name, data in sessions(scenario)[number].bodies:
        assert values.body(name) == data


@EACH
def test_no_recorded_body_is_kept_as_text(scenario: str, number: int) -> None:
    assert not any(body.is_text for body in tree_of(scenario, number).bodies.values())


@EACH
def test_nothing_is_written_down_twice(scenario: str, number: int) -> None:
    events = keeping(scenario, number).events
    names = [
        each.part_id if isinstance(each, PartObserved) else each.layer_id
        for each in events
        if isinstance(each, PartObserved | LayerObserved)
    ]

    assert len(names) == len(set(names)) > 0


@READ
@EACH
def test_each_request_whose_answer_is_told_is_at_that_call(
    scenario: str, number: int, read: str
) -> None:
    found = live_calls(joined(tree_of(scenario, number, read)))

    assert answers_with_body(sessions(scenario)[number]) <= found.keys()


@READ
@EACH
def test_what_is_put_together_at_a_call_is_what_was_sent(
    scenario: str, number: int, read: str
) -> None:
    tree = tree_of(scenario, number, read)
    values = keeping(scenario, number, read).values
    sent = {each.message_id: each.body for each in sessions(scenario)[number].wire}

    for answer, node in live_calls(joined(tree)).items():
        assert_is_what_was_sent(tree, values, node, sent[answer])


@READ
@EACH
def test_everything_has_the_name_of_what_it_holds(scenario: str, number: int, read: str) -> None:
    values, tree = keeping(scenario, number, read).values, tree_of(scenario, number, read)

    for layer in tree.layers.values():
        assert layer_id(layer.kind, render(layer.content, values)) == layer.layer_id
    for node in tree.live:
        assert id_of(node) == node.node_id
        assert node.parent is None or node.parent in tree.nodes
        for block in node.added:
            assert block_id(block.role, render(block.content, values)) == block.id


@READ
@pytest.mark.parametrize(("scenario", "number"), OTHERS)
def test_a_request_that_is_no_step_is_at_no_call(scenario: str, number: int, read: str) -> None:
    others = joined(tree_of(scenario, number, read)).others

    assert Counter(node.purpose for node in others) == OTHERS[scenario, number]
    assert all(node.call is None for node in others)


@READ
@pytest.mark.parametrize("number", range(len(FAILED)))
def test_of_equal_requests_the_last_is_the_call_and_the_others_are_retries(
    number: int, read: str
) -> None:
    session = sessions("failures")[number]
    (prompt,) = (word for word in FAILED if any(word.encode() in d for _, d in session.bodies))
    answered, others = FAILED[prompt]

    found = joined(tree_of("failures", number, read))

    assert len(live_calls(found)) == answered
    assert Counter(node.purpose for node in found.others) == others
    names = [name for name, _ in session.bodies if is_request(name)]
    told_of = [node.requests[0] for node in found.others]
    assert told_of == [name for name in names if name in told_of]
    assert not answered or names[-1] in {n.requests[0] for n in live_calls(found).values()}


@READ
def test_each_call_of_a_sub_agent_has_its_own_request(read: str) -> None:
    session = sessions("subagent")[0]
    agents = {each.message_id: each.agent for each in session.wire}
    found = joined(tree_of("subagent", 0, read)).calls
    own = {source: agents[answer] for source, answer in found}

    assert len(found) == len(session.wire) == 20
    assert len(set(own.values())) == len(session.sources) == 6
    assert all(agents[answer] == own[source] for source, answer in found)


@READ
def test_a_sub_agent_begins_anew_and_its_calls_follow_each_other(read: str) -> None:
    found = joined(tree_of("subagent", 0, read)).calls
    branches = Counter(node.branch_type for node in found.values())

    assert branches == {"root": 1, "subagent_fork": 5, "linear": 14}


@READ
@pytest.mark.parametrize(("scenario", "number"), [("interactive", 0), ("resume", 0)])
def test_what_follows_a_compaction_goes_on_from_it(scenario: str, number: int, read: str) -> None:
    tree = tree_of(scenario, number, read)
    found = joined(tree)
    (fork,) = (each for each in found.calls.values() if each.branch_type == "compaction_fork")
    (compaction,) = (each for each in found.others if each.purpose == "compaction")

    assert fork.parent == compaction.node_id
    assert compaction.branch_type == "linear"


def test_a_session_without_compaction_is_one_line() -> None:
    calls = joined(tree_of("long", 0)).calls.values()

    assert [node.branch_type for node in calls] == ["root", *["linear"] * 62]
    assert max(len(node.added) for node in list(calls)[1:]) <= 6


@EACH
def test_without_the_session_s_lines_thinking_is_missing_and_that_is_said(
    scenario: str, number: int
) -> None:
    session = sessions(scenario)[number]
    alone = Keeping.of(Session(session.id, (), session.bodies, ()))

    for event in alone.events:
        if isinstance(event, NodeObserved):
            path = ContextTree.of(alone.events).blocks(event.node_id)
            is_lost = any("<REDACTED>" in str(block.content) for block in path)
            assert (THINKING_REDACTED in event.limitations) == is_lost
            assert event.completeness["messages"] == ("approximated" if is_lost else "full")
    for name, data in session.bodies:
        assert alone.values.body(name) == data


@EACH
def test_bodies_kept_in_several_goes_make_the_same_nodes(scenario: str, number: int) -> None:
    session = sessions(scenario)[number]
    whole = keeping(scenario, number)
    parts = Keeping.of(Session(session.id, session.sources, (), ()))
    for start in range(0, len(session.bodies), 3):
        again = [read_back(event) for event in parts.events]
        parts = Keeping(parts.stored, again)
        parts.keep((), told(session)[1], session.bodies[start : start + 3])

    assert parts.events == whole.events


def read_back(event: ContextEvent) -> ContextEvent:
    said = read_json(line_of(event))
    return checked(KINDS[said["event"]], said)


@READ
@EACH
def test_the_join_does_not_depend_on_what_was_kept_first(
    scenario: str, number: int, read: str
) -> None:
    events = keeping(scenario, number, read).events
    expected = joined(ContextTree.of(events))
    live = [each for each in events if isinstance(each, NodeObserved) and is_of_body(each)]
    rest = [each for each in events if each not in live]
    for seed in range(3):
        random.Random(seed).shuffle(rest)
        again = joined(ContextTree.of([*rest, *live] if seed % 2 else [*live, *rest]))

        assert again.calls == expected.calls
        assert again.others == expected.others


@pytest.mark.parametrize("scenario", SCENARIOS)
def test_what_is_kept_is_less_than_the_lines_and_a_fraction_of_the_bodies(scenario: str) -> None:
    lines = bodies = events = 0
    blobs: dict[str, bytes] = {}
    for number, session in enumerate(sessions(scenario)):
        kept = keeping(scenario, number)
        blobs |= kept.stored.blobs
        lines += sum(map(len, session.sources))
        bodies += sum(len(data) for _, data in session.bodies)
        events += len(gzip.compress(b"".join(map(line_of, kept.events)), 6))
    stored = events + sum(len(gzip.compress(each, 6)) for each in blobs.values())

    assert stored <= bodies / 10
    assert scenario != "long" or stored <= lines / 4
