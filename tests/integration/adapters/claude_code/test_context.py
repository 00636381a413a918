"""What the model saw, put together from transcripts, beside what it was sent."""

from collections.abc import Mapping
from typing import Any

import pytest

from opentraces.adapters.claude_code.parser import ClaudeCodeParser
from opentraces.domain.context.blocks import Block
from opentraces.domain.context.comparing import Compared, compared, summed
from opentraces.domain.context.events import LayerObserved, NodeObserved
from opentraces.domain.context.lines import line_of
from opentraces.domain.context.paths import blocks_at
from opentraces.domain.context.templates import render
from opentraces.domain.ids import read_json
from tests.agents.rig.script import COMPACTION
from tests.contracts.context_events import Lines, assert_context_sound, by_id, nodes_of
from tests.contracts.trace_parser import Read, Source, assert_same, read, read_in_parts
from tests.integration.adapters.claude_code.fixtures import every_source, read_session
from tests.integration.adapters.claude_code.requests import (
    FOLDERS,
    all_sources,
    answers,
    by_call,
    compare,
    read_all,
    requests,
)

SOURCES: Mapping[str, Source] = {
    **every_source(),
    **{
        f"{folder}/{source.file.name.rpartition('/')[2][:8]}": source
        for folder in FOLDERS
        for source in all_sources(folder)
    },
}

SHARES: Mapping[str, tuple[float, dict[str, int]]] = {
    # To go on after `max_tokens`, the client says words that no transcript holds.
    "fails": (0.98, {"missing user text": 1}),
    "hooked": (1.0, {}),
    # A project's own instructions are in no transcript: they are the third of four blocks.
    "instructed": (0.8, {"other user text": 2}),
    "queued": (1.0, {}),
    "reads": (1.0, {}),
    "skills": (1.0, {}),
    "tasks": (1.0, {}),
    "typed": (1.0, {}),
}
"""Of each folder: the least share of equal blocks, and the differences there are."""


def compared_in(folder: str) -> Compared:
    sent = {call: request.messages for call, request in requests(folder).items()}
    return summed(each for _, found in read_all(folder) for each in compare(found, sent).values())


@pytest.mark.parametrize("folder", FOLDERS)
def test_what_was_put_together_is_what_was_sent(folder: str) -> None:
    share, differences = SHARES[folder]
    found = compared_in(folder)

    assert found.sent > 0
    assert found.share >= share
    assert dict(found.kinds) == differences


@pytest.mark.parametrize("folder", FOLDERS)
def test_every_answer_to_a_request_has_its_node(folder: str) -> None:
    told = [found for _, found in read_all(folder)]
    calls = [call for found in told for call in by_call(found)]

    assert set(calls) == {answer for found in told for answer in answers(found)}
    assert len(calls) == len(set(calls))
    asked = {call for call, request in requests(folder).items() if request.lane != COMPACTION}
    assert set(calls) <= asked


@pytest.mark.parametrize("name", SOURCES)
def test_every_template_gives_what_its_block_is_named_by(name: str) -> None:
    source = SOURCES[name]
    found = read(ClaudeCodeParser(), source)

    assert_context_sound(source, without_synthetic(found), "message_id")


@pytest.mark.parametrize("folder", FOLDERS)
def test_parts_tell_the_same_as_the_whole(folder: str) -> None:
    parser = ClaudeCodeParser()
    for source in all_sources(folder):
        expected = read(parser, source)
        ends = [at + 1 for at, byte in enumerate(source.data) if byte == ord("\n")]
        assert_same(read_in_parts(parser, source, ends), expected)
        for end in ends:
            assert_same(read_in_parts(parser, source, [end]), expected)


def test_a_session_with_parallel_calls_is_told_call_by_call() -> None:
    """Counted by hand: the file has 13 answers; each line of a person, a tool or an answer is one
    block, but for a reminder that becomes a part of the result before it."""
    nodes = nodes_of(
        read_session("edit_commit", "afc0be94")["afc0be94-d3d5-4c5a-951b-c0815f74cb07"]
    )

    # The first: agents, skills, the day, the prompt. The second: what the model thought and said,
    # three calls, three results. The fourth: what it thought, a call, a result.
    assert [len(node.added) for node in nodes] == [4, 8, 2, 3, 2, 2, 2, 2, 2, 2, 2, 2, 2]
    assert [node.branch_type for node in nodes] == ["root", *["linear"] * 12]
    assert all(node.kept is None for node in nodes)
    assert [node.parent for node in nodes] == [None, *(node.node_id for node in nodes[:-1])]


def test_results_stand_in_the_order_in_which_they_came() -> None:
    source = SOURCES["edit_commit/afc0be94-d3d5-"]
    second = nodes_of(read(ClaudeCodeParser(), source))[1]

    called = [each["id"] for each in shown(source, second) if each["type"] == "tool_use"]
    given = [each["tool_use_id"] for each in shown(source, second) if each["type"] == "tool_result"]
    assert given == [called[1], called[2], called[0]]


def test_of_a_long_output_the_preview_is_what_the_model_saw() -> None:
    source = SOURCES["edit_commit/afc0be94-d3d5-"]
    results = [
        block["content"]
        for node in nodes_of(read(ClaudeCodeParser(), source))
        for block in shown(source, node)
        if block["type"] == "tool_result" and isinstance(block["content"], str)
    ]

    (long,) = (each for each in results if each.startswith("<persisted-output>"))
    assert "Preview (first 2KB)" in long
    assert len(long) < 3_000


def test_a_compaction_goes_on_from_the_call_before_it_and_keeps_nothing() -> None:
    found = read_session("resume", "11111111")["11111111-2222-4333-8444-555555555555"]
    nodes = nodes_of(found)

    assert [node.branch_type for node in nodes] == ["root", *["linear"] * 4, "compaction_fork"]
    # The day, the summary, an answer that is kept; a file in two blocks, agents, three lines of
    # the command, "Continue"; an answer that no model gave; skills and the prompt.
    assert [len(node.added) for node in nodes] == [4, 2, 2, 2, 2, 13]
    assert (nodes[-1].parent, nodes[-1].kept) == (nodes[-2].node_id, 0)
    roles = [block.role[0] for block in nodes[-1].added]
    assert "".join(roles) == "uuauuuuuuuauu"


def test_going_back_to_a_prompt_goes_on_from_before_it() -> None:
    """Counted by hand, in the session that was typed."""
    ((_, found),) = read_all("typed")
    nodes = nodes_of(found)

    assert [node.branch_type for node in nodes] == [
        *("root", "linear", "linear", "linear", "linear", "linear"),
        *("rewind_branch", "compaction_fork", "linear"),
    ]
    assert [len(node.added) for node in nodes] == [4, 6, 4, 4, 3, 2, 1, 11, 2]
    # In the third, results show what hooks said: of the ten blocks before, six stay. In the fourth,
    # the file that was named is a part of the result before. The seventh begins before the command,
    # of which the fifth was the first to know: 10 and 4 blocks, and the answer to them.
    assert [node.kept for node in nodes] == [None, None, 6, None, None, None, 15, 0, None]
    assert nodes[6].parent == nodes[4].node_id


def test_a_helper_begins_a_tree_of_its_own() -> None:
    found = read_session("subagent", "07503f3c")
    helpers = [each for name, each in found.items() if name.startswith("agent-")]

    assert len(helpers) == 3
    for helper in helpers:
        first, *others = nodes_of(helper)
        assert (first.branch_type, first.parent) == ("subagent_fork", None)
        assert {node.branch_type for node in others} == {"linear"}


@pytest.mark.parametrize(
    ("folder", "origin", "fork", "shared"),
    [("resume", "11111111", "896009f1", 5), ("release_330", "cff976c1", "285f480a", 7)],
)
def test_copied_calls_of_a_fork_have_the_nodes_of_their_origin(
    folder: str, origin: str, fork: str, shared: int
) -> None:
    one, other = (main_nodes(folder, session) for session in (origin, fork))

    both = one.keys() & other.keys()
    assert len(both) == shared
    assert {call: one[call].node_id for call in both} == {
        call: other[call].node_id for call in both
    }


def test_where_requests_are_in_the_transcript_every_message_of_the_user_is_equal() -> None:
    """Release 2.1.330 writes the user's messages down as they are sent, and not the model's."""
    results = [
        compared([b for b in blocks if b.role == "user"], messages)
        for source in release_330()
        for blocks, messages in sent_with(source)
    ]

    assert len(results) == 11
    assert summed(results).share == summed(results).message_share == 1.0


def test_a_system_prompt_that_is_said_to_be_full_is_the_one_that_was_sent() -> None:
    for source in release_330():
        shapes = [line["shape"] for line in lines(source) if line["type"] == "api-request-shape"]
        layers = {
            each.layer_id: each
            for each in read(ClaudeCodeParser(), source).context
            if isinstance(each, LayerObserved)
        }
        nodes = nodes_of(read(ClaudeCodeParser(), source))
        full = {n.system for n in nodes if n.completeness.get("system") == "full"}
        values = [render(layers[name].content, Lines(source.data)) for name in full if name]
        assert values == [shape["system"] for shape in shapes]


def test_events_are_a_small_part_of_the_transcript() -> None:
    """Uncompressed, and of sessions that are short: a floor against writing anything twice."""
    for name in ("edit_commit/afc0be94-d3d5-", "changes/0a6ede48-cf01-"):
        source = SOURCES[name]
        events = read(ClaudeCodeParser(), source).context
        assert sum(len(line_of(event)) for event in events) < 0.2 * len(source.data)


def main_nodes(folder: str, session: str) -> dict[str, NodeObserved]:
    found = read_session(folder, session)
    return by_call(next(each for name, each in found.items() if name.startswith(session)))


def without_synthetic(found: Read) -> Read:
    """Leave out what no model said: the client is not asked what it sends for it."""
    steps = [step for step in found.emitted if "synthetic" not in step.native]
    return Read(steps, found.source, found.context)


def shown(source: Source, node: NodeObserved) -> list[dict[str, Any]]:
    blocks = [render(block.content, Lines(source.data)) for block in node.added]
    return [block for block in blocks if isinstance(block, dict)]


def release_330() -> list[Source]:
    return [source for name, source in SOURCES.items() if name.startswith("release_330/")]


def lines(source: Source) -> list[dict[str, Any]]:
    return [read_json(line) for line in source.data.splitlines()]


def sent_with(source: Source) -> list[tuple[list[Block], list[Any]]]:
    """Return, of each answer whose request is there, its blocks and the user's messages."""
    nodes = by_id(nodes_of(read(ClaudeCodeParser(), source)))
    messages: dict[str, Any] = {}
    tails: dict[str, list[str]] = {}
    asked: dict[str, str] = {}
    for line in lines(source):
        if line["type"] == "api-request-blob":
            messages[line["hash"]] = line["message"]
        elif line["type"] == "api-request":
            tails[line["id"]] = tails.get(line.get("base", ""), [])[: line["keep"]] + line["tail"]
        elif line["type"] == "assistant":
            asked[line["message"]["id"]] = line["requestRef"]
    return [
        (
            blocks_at(nodes, node.node_id),
            [messages[each] for each in tails[asked[node.call]] if each in messages],
        )
        for node in nodes.values()
        if node.call is not None and asked[node.call] in tails
    ]
