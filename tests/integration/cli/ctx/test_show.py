"""`ctx show`."""

import pytest

from opentraces.domain.context.node_ids import id_of
from opentraces.domain.ids import TraceId
from tests.integration.cli.conftest import Call, Document
from tests.integration.cli.ctx.made_up import MadeUp, call, text


def test_the_json_has_what_was_sent_and_these_keys_only(
    uploads: TraceId, document: Document
) -> None:
    printed = document("ctx", "show", f"{uploads}:3")

    assert list(printed) == [
        *("schema_version", "node_id", "parent_node_id", "completeness"),
        *("capture_method", "limitations", "layers"),
    ]
    assert printed["completeness"] == {
        "system": "approximated",
        "messages": "approximated",
        "tool_registry": "full",
        "runtime_state": "approximated",
    }
    assert (printed["capture_method"], printed["limitations"]) == ("transcript_reconstruction", [])
    layers = printed["layers"]
    assert list(layers) == ["system", "messages", "tool_registry", "runtime_state"]
    assert layers["system"] == [text("You are an agent."), text("Be brief.")]
    assert layers["tool_registry"] == [{"name": "Read"}, {"name": "Bash"}]
    assert layers["runtime_state"] == {"cwd": "/w", "model": "opus"}
    assert [message["role"] for message in layers["messages"]] == ["user", "assistant", "user"]
    assert layers["messages"][1]["content"] == [
        {"type": "thinking", "thinking": "Where is it?", "signature": "c2ln"},
        text("I look."),
        call("c1", "Read", file_path="/w/up.py"),
    ]


def test_the_node_is_the_one_that_the_step_has(uploads: TraceId, document: Document) -> None:
    step = document("trace", "get", f"{uploads}:3")["steps"][0]
    printed = document("ctx", "show", f"{uploads}:3")
    before = document("ctx", "show", f"{uploads}:2")

    assert printed["node_id"] == step["context_node_id"]
    assert (printed["parent_node_id"], before["parent_node_id"]) == (before["node_id"], None)


def test_the_first_line_says_how_much_and_the_second_how_sure(uploads: TraceId, call: Call) -> None:
    lines = call("ctx", "show", f"{uploads}:3").stdout.splitlines()

    assert lines[:3] == [
        f"{uploads[:8]}:3 · claude-code · the model saw 5 blocks in 3 messages, 775 bytes",
        "system approximated · messages approximated · tools full · runtime approximated",
        "put together from the session's own lines",
    ]


def test_a_long_block_is_cut_and_whole_when_asked_for(uploads: TraceId, call: Call) -> None:
    cut = call("ctx", "show", f"{uploads}:3").stdout
    whole = call("ctx", "show", f"{uploads}:3", "--full").stdout

    assert cut.count("def upload():") == 3
    assert "    … 34 lines more\n" in cut
    assert cut.endswith(f"opentraces ctx show {uploads[:8]}:3 --full\n")
    assert whole.count("def upload():") == 20
    assert "more\n" not in whole


def test_a_prompt_shows_what_the_answer_to_it_saw(uploads: TraceId, call: Call) -> None:
    prompt = call("ctx", "show", f"{uploads}:1").stdout.splitlines()
    answer = call("ctx", "show", f"{uploads}:2").stdout.splitlines()

    assert prompt[3] == ":1 is no answer of the model: this is what the next one, :2, saw"
    assert [*prompt[:3], *prompt[4:]] == answer


def test_a_trace_is_its_last_answer(uploads: TraceId, call: Call) -> None:
    assert call("ctx", "show", uploads).stdout == call("ctx", "show", f"{uploads}:10").stdout
    assert call("ctx", "show", f"{uploads}:last").stdout == call("ctx", "show", uploads).stdout


def test_what_is_new_stands_below_a_line(uploads: TraceId, call: Call) -> None:
    lines = call("ctx", "show", f"{uploads}:3", "--layer", "messages").stdout.splitlines()

    at = lines.index("── new since the call before ──")
    assert "  make the upload try again" in lines[:at]
    assert "  → Read  /w/up.py" in lines[at:]


@pytest.mark.parametrize(
    ("layer", "kind", "shown"),
    [
        ("system", "system", "You are an agent."),
        ("messages", "messages", "make the upload"),
        ("tools", "tool_registry", "Read, Bash"),
        ("runtime", "runtime_state", "model: opus"),
    ],
)
def test_one_layer_is_shown_alone(
    uploads: TraceId, call: Call, document: Document, layer: str, kind: str, shown: str
) -> None:
    every = {"You are an agent.", "make the upload", "Read, Bash", "model: opus"}

    said = call("ctx", "show", f"{uploads}:2", "--layer", layer).stdout
    printed = document("ctx", "show", f"{uploads}:2", "--layer", layer)

    assert {words for words in every if words in said} == {shown}
    assert list(printed["layers"]) == [kind]


def test_what_is_not_known_is_said_not_to_be(
    session: MadeUp, call: Call, document: Document
) -> None:
    session.prompt("hi")
    session.answer(text("hello"), messages="full", limitations=("thinking_redacted",))
    trace = session.keep()

    lines = call("ctx", "show", trace).stdout.splitlines()
    printed = document("ctx", "show", trace)

    assert lines[1] == "system not known · messages full · tools not known · runtime not known"
    assert lines[3] == "not as it was: thinking_redacted"
    assert printed["limitations"] == ["thinking_redacted"]
    assert [printed["layers"][kind] for kind in ("system", "tool_registry", "runtime_state")] == [
        *(None, None, None)
    ]
    assert printed["completeness"]["system"] == "stub"


def test_a_sub_agent_saw_its_own(uploads: TraceId, document: Document) -> None:
    printed = document("ctx", "show", f"{uploads}:5")

    assert printed["layers"]["messages"] == [{"role": "user", "content": [text("review it")]}]


def test_a_flipped_claim_is_damage(session: MadeUp, call: Call) -> None:
    session.prompt("hi")
    session.answer(text("hello"))
    (node,) = [event for event in session.main.context.made if event.event == "node"]
    block = node.added[0].moved({"type": "text", "text": "other"})
    forged = node.but(added=(block,))
    session.main.context.made[:] = [forged]
    assert id_of(forged) == forged.node_id

    result = call("ctx", "show", session.keep())

    assert (result.exit_code, result.stdout) == (4, "")
    assert "is not what it is named by → opentraces bucket verify --deep" in result.stderr
