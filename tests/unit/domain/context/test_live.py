"""Nodes of requests whose bodies were kept."""

from collections.abc import Sequence
from typing import Any

import pytest

from opentraces.domain.context.events import LayerObserved, NodeObserved
from opentraces.domain.context.live import THINKING_REDACTED, LiveContext, RequestSaid
from opentraces.domain.context.recipes import Recipes
from opentraces.domain.context.sent import runtime_state
from opentraces.domain.context.templates import render
from opentraces.domain.context.tree import ContextTree
from opentraces.domain.ids import plain_bytes
from tests.recorded_bodies import Keeping, Stored, text_block

STEP, HELPER = RequestSaid(), RequestSaid(is_helper=True)
COMPACTED, COMPACTION = RequestSaid(is_compacted=True), RequestSaid("compaction")
TITLE = RequestSaid("title")
CALL, RESULT = "calls a tool", "result"


def message(said: str) -> dict[str, Any]:
    """`u:` or `a:`, and a text; a call of a tool, or its result."""
    role = {"u": "user", "a": "assistant"}[said[0]]
    if said[2:].startswith(RESULT):
        result = {"type": "tool_result", "tool_use_id": "t", "content": said[2:]}
        return {"role": role, "content": [result]}
    return {"role": role, "content": [text_block(said[2:])]}


class Conversation:
    """Requests, one after the other."""

    def __init__(self) -> None:
        self.keeping = Keeping(Stored(()))
        self.values = self.keeping.values
        self.known = self.keeping.known(self.values)
        self.recipes = Recipes(self.values, self.known)
        self.live = LiveContext(self.known)

    def send(self, *said: str, what: RequestSaid = STEP, **more: Any) -> NodeObserved:
        body = {"model": "m", "messages": [*map(message, said)], **more}
        name = f"{len(self.keeping.events)}.request.json"
        recipe = self.recipes.keep(name, "request", plain_bytes(body))
        self.keeping.events += recipe.events
        self.keeping.events += self.live.node(recipe, what)
        return self.nodes[-1]

    @property
    def nodes(self) -> list[NodeObserved]:
        return [each for each in self.keeping.events if isinstance(each, NodeObserved)]

    def layers(self, kind: str) -> list[Any]:
        found = (each for each in self.keeping.events if isinstance(each, LayerObserved))
        return [render(each.content, self.values) for each in found if each.kind == kind]

    def texts(self, node: NodeObserved) -> list[str]:
        tree = ContextTree.of(self.keeping.events)
        blocks = [render(each.content, self.values) for each in tree.blocks(node.node_id)]
        return [each.get("text") or each["content"] for each in blocks]


FIRST = ("u:reminder", "u:one")
SECOND = (*FIRST, "a:1", "u:two")
THIRD = (*SECOND, "a:2", "u:three")


def branch(*requests: Sequence[str], what: RequestSaid = STEP) -> tuple[str, int | None, list[str]]:
    """The branch type of the last request, the place of its parent, and what it adds."""
    talk = Conversation()
    for said in requests[:-1]:
        talk.send(*said)
    last = talk.send(*requests[-1], what=what)
    assert talk.texts(last) == [said[2:] for said in requests[-1]]
    names = [node.node_id for node in talk.nodes[:-1]]
    added = [render(each.content, talk.values) for each in last.added]
    texts = [each.get("text") or each["content"] for each in added]
    return last.branch_type, names.index(last.parent) if last.parent else None, texts


def test_a_request_adds_what_was_said_since_the_one_before() -> None:
    assert branch(FIRST) == ("root", None, ["reminder", "one"])
    assert branch(FIRST, SECOND) == ("linear", 0, ["1", "two"])
    assert branch(FIRST, SECOND, THIRD) == ("linear", 1, ["2", "three"])


def test_a_request_may_go_on_from_one_that_was_not_seen() -> None:
    assert branch(FIRST, THIRD) == ("linear", 0, ["1", "two", "2", "three"])


@pytest.mark.parametrize("said", [FIRST, SECOND])
def test_an_equal_request_is_the_same_node(said: Sequence[str]) -> None:
    talk = Conversation()
    talk.send(*FIRST)
    one, other = talk.send(*said), talk.send(*said)

    assert one.node_id == other.node_id
    assert one.requests != other.requests
    assert talk.send(*said, stream=True).node_id != one.node_id
    assert talk.nodes[-1].parent == one.parent


def test_to_go_back_and_on_in_another_way_is_a_rewind() -> None:
    assert branch(FIRST, SECOND, THIRD, (*SECOND, "a:2", "u:other")) == (
        "rewind_branch",
        2,
        ["other"],
    )
    assert branch(FIRST, SECOND, (*FIRST, "a:1", "u:other"), THIRD)[0] == "linear"


def test_to_change_the_first_prompt_is_a_rewind() -> None:
    found = branch(FIRST, SECOND, ("u:reminder", "u:other"))

    assert found[0] == "rewind_branch"
    assert found[2] == ["other"]


def test_to_say_something_more_after_no_answer_is_none() -> None:
    assert branch(FIRST, (*FIRST, "u:again")) == ("linear", 0, ["again"])
    assert branch(FIRST, ("u:reminder", "u:one\n", "u:again")) == ("linear", 0, ["one\n", "again"])


def test_a_result_that_is_sent_again_in_another_way_is_none() -> None:
    before = (*FIRST, "a:calls", "u:result")

    assert branch(FIRST, before, (*before[:-1], "u:result and a reminder"))[0] == "linear"
    assert branch(FIRST, before, (*before[:-1], "u:result and a reminder", "a:2", "u:x"))[::2] == (
        "linear",
        ["result and a reminder", "2", "x"],
    )


def test_what_goes_on_while_something_was_asked_aside_is_none() -> None:
    assert branch(FIRST, SECOND, (*SECOND, "u:aside"), THIRD) == ("linear", 1, ["2", "three"])


def test_a_changed_beginning_is_the_same_conversation() -> None:
    changed = ("u:another reminder", *THIRD[1:])

    assert branch(FIRST, SECOND, changed)[:2] == ("linear", 1)
    assert branch(FIRST, ("u:another reminder", "u:else"))[:2] == ("root", None)


def test_a_helper_begins_anew_whatever_it_shares() -> None:
    assert branch(FIRST, ("u:reminder", "u:help"), what=HELPER) == (
        "subagent_fork",
        None,
        ["reminder", "help"],
    )


def test_helpers_of_the_same_words_go_on_each_on_its_own() -> None:
    talk = Conversation()
    talk.send(*FIRST)
    begin = ("u:reminder", "u:help")
    one, other = talk.send(*begin, what=HELPER), talk.send(*begin, what=HELPER)
    again = [talk.send(*begin, f"a:{n}", f"u:result {n}", what=HELPER) for n in range(2)]

    assert one.node_id == other.node_id
    assert [(node.branch_type, node.parent) for node in again] == [("linear", one.node_id)] * 2


def test_a_summary_goes_on_from_the_request_for_it() -> None:
    talk = Conversation()
    talk.send(*FIRST)
    last = talk.send(*SECOND)
    asked = talk.send(*SECOND, "a:2", "u:sum it up", what=COMPACTION)
    helper = talk.send("u:reminder", "u:help", what=HELPER)
    fork = talk.send("u:reminder", "u:summary", "a:2", "u:go on", what=COMPACTED)
    after = talk.send("u:reminder", "u:summary", "a:2", "u:go on", "a:3", "u:four", what=COMPACTED)

    assert (asked.branch_type, asked.parent) == ("linear", last.node_id)
    assert helper.parent is None
    assert (fork.branch_type, fork.parent, fork.kept) == ("compaction_fork", asked.node_id, 1)
    assert (after.branch_type, after.parent) == ("linear", fork.node_id)
    assert talk.texts(after)[:2] == ["reminder", "summary"]


def test_a_summary_after_nothing_that_was_kept_is_a_beginning() -> None:
    assert branch(("u:summary", "u:go on"), what=COMPACTED)[:2] == ("root", None)


def test_what_is_asked_beside_a_session_is_a_beginning_of_its_own() -> None:
    assert branch(FIRST, ("u:reminder", "u:title?"), what=TITLE)[:2] == ("root", None)


def test_what_is_in_no_other_layer_is_the_runtime_state() -> None:
    mark = {"cache_control": {"type": "ephemeral"}}
    body = {
        "model": "m",
        "max_tokens": 9,
        "system": [{"text": "s", **mark}],
        "tools": [{"name": "t"}, {"name": "u", **mark}],
        "messages": [
            {"role": "user", "content": "text"},
            {"role": "user", "content": [{"text": "a", **mark}, {"text": "b"}]},
        ],
    }

    assert runtime_state(body) == {
        "model": "m",
        "max_tokens": 9,
        "normalised": {
            "marks": [[1, 2, {"type": "ephemeral"}]],
            "system": [[0, {"type": "ephemeral"}]],
            "tools": [[1, {"type": "ephemeral"}]],
            "texts": [0],
            "neighbours": [1],
        },
    }


def test_layers_are_told_of_once_while_they_stay_the_same() -> None:
    talk = Conversation()
    tools = [{"name": "t", "description": "What it is for. " * 9}]
    for said in (FIRST, SECOND, THIRD):
        talk.send(*said, system="You help.", tools=tools)

    assert talk.layers("system") == ["You help."]
    assert talk.layers("tool_registry") == [tools]
    assert len(talk.layers("runtime_state")) == 3 - 2
    assert set(talk.nodes[0].completeness.values()) == {"full"}


def test_moving_marks_do_not_change_the_runtime_state() -> None:
    talk = Conversation()
    for said in (("u:1",), ("u:1", "a:2", "u:3")):
        body = [*map(message, said)]
        body[-1]["content"][-1]["cache_control"] = {"type": "ephemeral"}
        recipe = talk.recipes.keep(
            f"{len(said)}.request.json", "request", plain_bytes({"messages": body})
        )
        talk.keeping.events += [*recipe.events, *talk.live.node(recipe, STEP)]

    assert len(talk.layers("runtime_state")) == 1
    assert [node.branch_type for node in talk.nodes] == ["root", "linear"]


def test_thinking_that_nobody_holds_is_a_limitation() -> None:
    talk = Conversation()
    sealed = {"type": "thinking", "thinking": "<REDACTED>", "signature": "s" * 60}
    messages = [message("u:1"), {"role": "assistant", "content": [sealed]}, message("u:2")]
    recipe = talk.recipes.keep("r.request.json", "request", plain_bytes({"messages": messages}))
    *_, node = talk.live.node(recipe, STEP)

    assert isinstance(node, NodeObserved)
    assert node.limitations == (THINKING_REDACTED,)
    assert node.completeness["messages"] == "approximated"


def test_a_body_that_is_no_json_has_no_node() -> None:
    talk = Conversation()
    recipe = talk.recipes.keep("r.request.json", "request", b"{")

    assert talk.live.node(recipe, STEP) == []
