"""What real events of Pi's extension say of its requests, and what damaged ones do not."""

import gzip
import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest

from opentraces.adapters.pi.context.requests import LINES_MISSING, TOO_LARGE, contexts
from opentraces.adapters.pi.parser import CALL, PiParser
from opentraces.domain.context.events import ContextEvent, LayerObserved, NodeObserved
from opentraces.domain.context.paths import blocks_at
from opentraces.domain.context.templates import render
from tests.contracts.context_events import Lines
from tests.contracts.trace_parser import read, transcript
from tests.integration.adapters.pi.wire import Said, prompt, said

RECORDED = Path(__file__).parents[3] / "data" / "pi-events"
RELEASES = ("0.73.1", "0.87.1")
REQUEST, ENDED = "before_provider_request", "turn_end"

Line = dict[str, Any]


def lines_of(release: str) -> list[Line]:
    return [json.loads(line) for line in (RECORDED / f"{release}.jsonl").read_bytes().splitlines()]


def written(lines: Iterable[Line]) -> bytes:
    return b"".join(json.dumps(line).encode() + b"\n" for line in lines)


def nodes(data: bytes) -> list[NodeObserved]:
    return [each for each in contexts([data]) if isinstance(each, NodeObserved)]


def requests(release: str) -> dict[str, dict[str, Any]]:
    """Return what the service was asked, by the id of its answer."""
    data = gzip.decompress((RECORDED / f"{release}.requests.jsonl.gz").read_bytes())
    rows = map(json.loads, data.splitlines())
    return {row["answer"]: row["payload"] for row in rows}


def seen(data: bytes) -> list[list[Said]]:
    """Return the blocks of each node, put together from the events."""
    found = nodes(data)
    known = {node.node_id: node for node in found}
    return [
        [
            (block.role, render(block.content, Lines(data)))
            for block in blocks_at(known, node.node_id)
        ]
        for node in found
    ]


@pytest.mark.parametrize("release", RELEASES)
def test_every_request_is_put_together_as_it_was_sent(release: str) -> None:
    data = (RECORDED / f"{release}.jsonl").read_bytes()
    asked = requests(release)

    assert [node.call for node in nodes(data)] == list(asked)
    assert seen(data) == [said(body) for body in asked.values()]
    for node in nodes(data):
        assert node.capture_method == "live_capture"
        assert node.limitations == ()
        assert node.completeness == dict.fromkeys(
            ("system", "tool_registry", "runtime_state", "messages"), "full"
        )


@pytest.mark.parametrize("release", RELEASES)
def test_system_prompt_and_tools_are_said_once(release: str) -> None:
    data = (RECORDED / f"{release}.jsonl").read_bytes()
    layers = [each for each in contexts([data]) if isinstance(each, LayerObserved)]
    said_of = {each.kind: render(each.content, Lines(data)) for each in layers}
    (body, *_) = requests(release).values()

    assert sorted(each.kind for each in layers) == ["runtime_state", "system", "tool_registry"]
    assert "".join(block["text"] for block in said_of["system"]) == prompt(body)
    assert said_of["tool_registry"] == body["tools"]
    assert said_of["runtime_state"]["max_tokens"] == body["max_tokens"]


@pytest.mark.parametrize("release", RELEASES)
def test_calls_are_those_of_the_sessions_own_answers(release: str) -> None:
    data = (RECORDED / f"{release}.jsonl").read_bytes()
    session = read(PiParser(), transcript((RECORDED / f"{release}.session.jsonl").read_bytes()))

    answers = [step.native[CALL] for step in session.steps if step.step.role == "agent"]

    assert [node.call for node in nodes(data)] == answers


@pytest.mark.parametrize("release", RELEASES)
def test_message_is_written_down_once(release: str) -> None:
    data = (RECORDED / f"{release}.jsonl").read_bytes()

    assert data.count(b"I look at both.") == 1
    assert data.count(b"You are an expert coding assistant") == 1


def shaped(data: bytes) -> list[tuple[str, int, int | None]]:
    return [(node.branch_type, len(node.added), node.kept) for node in nodes(data)]


@pytest.mark.parametrize("release", RELEASES)
def test_session_that_only_goes_on_is_linear(release: str) -> None:
    """Counted by hand: the prompt; then what was answered, and what came of its calls."""
    assert shaped((RECORDED / f"{release}.jsonl").read_bytes()) == [
        ("root", 1, None),
        ("linear", 4 + 2, None),
        ("linear", 2 + 2, None),
        ("linear", 1 + 1, None),
        ("linear", 2 + 1, None),
        ("linear", 1 + 1, None),
    ]


def places(lines: list[Line], name: str) -> list[int]:
    return [at for at, line in enumerate(lines) if line["event"]["hook_event_name"] == name]


def test_line_that_is_lost_is_noticed_until_all_is_said_again() -> None:
    lines = lines_of("0.87.1")
    lost = places(lines, REQUEST)[1]
    again = [line | {"at": line["at"] + 10**15} for line in lines]

    found = nodes(written([*lines[:lost], *lines[lost + 1 :], *again]))

    assert [node.limitations for node in found[:5]] == [(), *[(LINES_MISSING,)] * 4]
    assert [node.completeness["messages"] for node in found[:2]] == ["full", "approximated"]
    assert [node.limitations for node in found[5:]] == [()] * 6


def test_line_that_is_there_twice_counts_once() -> None:
    data = (RECORDED / "0.87.1.jsonl").read_bytes()

    assert seen(data + data) == seen(data)


def test_message_without_its_text_is_named_as_too_large() -> None:
    lines = lines_of("0.87.1")
    second = lines[places(lines, REQUEST)[1]]["event"]["messages"]
    del second["then"][0]["message"]

    found = nodes(written(lines))

    assert [node.limitations for node in found] == [(), *[(TOO_LARGE,)] * 5]


def test_events_of_digests_alone_tell_of_no_context() -> None:
    lines = lines_of("0.87.1")
    for at in places(lines, REQUEST):
        event = lines[at]["event"]
        for part in (*event["messages"]["then"], event["system"], event["tools"], event["rest"]):
            part.pop("message", None)
            part.pop("value", None)

    assert list(contexts([written(lines)])) == []


def test_answer_that_nobody_lived_to_write_down_has_no_call() -> None:
    lines = lines_of("0.87.1")
    ended = places(lines, ENDED)[2]

    calls = [node.call for node in nodes(written([*lines[:ended], *lines[ended + 1 :]]))]

    assert calls[2] is None
    assert [*calls[:2], *calls[3:]] == [
        answer for at, answer in enumerate(requests("0.87.1")) if at != 2
    ]


def test_turns_whose_ends_come_late_are_told_by_when_they_were_asked_for() -> None:
    lines = lines_of("0.73.1")
    ends = [lines[at] for at in places(lines, ENDED)]
    others = [line for line in lines if line not in ends]

    assert [node.call for node in nodes(written([*others, *ends]))] == list(requests("0.73.1"))


def test_answer_without_an_id_is_told_by_its_entry() -> None:
    earlier, later = lines_of("0.73.1"), lines_of("0.87.1")
    for lines, leaf in ((earlier, "aaaa0000"), (later, None)):
        event = lines[places(lines, ENDED)[-1]]["event"]
        event |= {"response_id": None, "stop_reason": "error", "leaf": leaf}
    entry = later[places(later, ENDED)[-1]]["event"]["entry"]

    assert nodes(written(earlier))[-1].call == "aaaa0000"
    assert nodes(written(later))[-1].call == entry


def _without_the_first(messages: Line) -> None:
    messages |= {"same": 0, "then": messages["then"][-1:]}


@pytest.mark.parametrize(
    ("event", "branch"),
    [("session_tree", "rewind_branch"), ("session_compact", "compaction_fork")],
)
def test_event_before_a_request_says_why_it_does_not_go_on(event: str, branch: str) -> None:
    lines = lines_of("0.87.1")
    at = places(lines, REQUEST)[-1]
    _without_the_first(lines[at]["event"]["messages"])
    lines.insert(at, {"opentraces": 1, "at": 1, "event": {"hook_event_name": event}})

    last = nodes(written(lines))[-1]

    assert (last.branch_type, last.kept) == (branch, 0)


def test_two_processes_do_not_mix() -> None:
    lines, others = lines_of("0.87.1"), lines_of("0.87.1")
    for line in others:
        line["event"] = line["event"] | {"pid": 1}
    mixed = [line for pair in zip(lines, others, strict=True) for line in pair]

    found = nodes(written(mixed))

    assert all(node.limitations == () for node in found)
    assert seen(written(mixed))[::2] == seen(written(lines))
    assert seen(written(mixed))[1::2] == seen(written(lines))


def _events(found: Iterable[ContextEvent]) -> list[str]:
    return [each.event for each in found]


@pytest.mark.parametrize("release", RELEASES)
def test_layers_come_before_the_nodes_that_have_them(release: str) -> None:
    data = (RECORDED / f"{release}.jsonl").read_bytes()

    assert _events(contexts([data])) == ["layer"] * 3 + ["node"] * 6
