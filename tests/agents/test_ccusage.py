"""Tokens in all four classes equal what ccusage counts; where they cannot, the table says why."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any

import orjson
import pytest

from benchmarks.corpus.making import make_corpus
from benchmarks.corpus.plan import CorpusPlan
from benchmarks.corpus.tokens import Tokens, total
from benchmarks.program import Program, tokens_of
from tests.agents.rig.ccusage import ccusage_tokens

pytestmark = pytest.mark.agents

FIXTURES = Path(__file__).parents[1] / "data" / "claude-code"
NAMES = ("edit_commit", "failures", "live", "permission", "resume", "subagent")
GENERATED = "generated"
SESSION = "3d0b7f64-55aa-4c1e-9c6e-0d2f8a4b1c77"


@pytest.fixture(scope="module")
def generated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("generated")
    make_corpus(root, CorpusPlan(sessions=60, megabytes=8, seed=3), processes=1)
    return root


@pytest.fixture(params=[*NAMES, GENERATED])
def claude(request: pytest.FixtureRequest, generated: Path) -> Path:
    return generated if request.param == GENERATED else FIXTURES / str(request.param)


@pytest.mark.parametrize("order", [1, 2, 3])
def test_tokens_equal_in_any_order_of_import(claude: Path, order: int, tmp_path: Path) -> None:
    sessions = sorted(claude.glob("projects/*/*.jsonl"))
    Random(order).shuffle(sessions)
    program = Program(tmp_path, claude)
    for session in sessions:
        program.run("import", str(session))
    counted = total([NONE, *map(tokens_of, program.records())])
    assert counted == ccusage_tokens(claude, tmp_path)


def test_each_session_has_the_same_tokens_in_any_order(generated: Path, tmp_path: Path) -> None:
    sessions = sorted(generated.glob("projects/*/*.jsonl"))
    by_session = list[dict[str, Tokens]]()
    for order in (sessions, sessions[::-1]):
        program = Program(tmp_path / str(len(by_session)), generated)
        for session in order:
            program.run("import", str(session))
        by_session.append({one["session_id"]: tokens_of(one) for one in program.records()})
    assert by_session[0] == by_session[1]


def response(message_id: str = "msg_1", /, **changes: Any) -> dict[str, Any]:
    """One line of an assistant; `usage` and `content` change the message, all else the line."""
    usage = {
        "input_tokens": 10,
        "cache_creation_input_tokens": 100,
        "cache_read_input_tokens": 1000,
        "output_tokens": 50,
        **changes.pop("usage", {}),
    }
    message = {
        "id": message_id,
        "type": "message",
        "role": "assistant",
        "model": "claude-sonnet-4-5",
        "content": changes.pop("content", [{"type": "text", "text": "Yes."}]),
        "stop_reason": "end_turn",
        "usage": usage,
    }
    line = {
        "parentUuid": None,
        "isSidechain": False,
        "cwd": "/r",
        "sessionId": SESSION,
        "version": "2.1.197",
        "type": "assistant",
        "message": message,
        "requestId": "req_1",
        "uuid": f"uuid of {message_id} {usage['output_tokens']} {changes}",
        "timestamp": "2026-11-01T10:00:00.000Z",
        **changes,
    }
    return {key: value for key, value in line.items() if value != "absent"}


def bash(**arguments: Any) -> list[dict[str, Any]]:
    return [{"type": "tool_use", "id": "toolu_1", "name": "Bash", "input": arguments}]


def written(claude: Path, files: dict[str, Sequence[bytes]]) -> Path:
    """Write transcripts below `claude`; each begins with a prompt."""
    for name, lines in files.items():
        path = claude / "projects" / "-r" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"".join(line + b"\n" for line in (prompt(path.stem), *lines)))
    return claude


def prompt(stem: str) -> bytes:
    line = {
        "parentUuid": None,
        "isSidechain": stem != SESSION,
        "cwd": "/r",
        "sessionId": SESSION,
        "version": "2.1.197",
        "type": "user",
        "message": {"role": "user", "content": "Is it?"},
        "uuid": f"prompt of {stem}",
        "timestamp": "2026-11-01T09:59:00.000Z",
    }
    if stem != SESSION:
        line["agentId"] = stem.removeprefix("agent-")
    return orjson.dumps(line)


MAIN = f"{SESSION}.jsonl"
NONE = Tokens()
ONE = Tokens(10, 100, 1000, 50)
TWO = Tokens(20, 200, 2000, 100)


def compact(*lines: dict[str, Any]) -> list[bytes]:
    return [orjson.dumps(line) for line in lines]


AGREED: dict[str, tuple[dict[str, Sequence[bytes]], Tokens]] = {
    "a response on several lines counts once, with its last output": (
        {MAIN: compact(response(usage={"output_tokens": 3}), response())},
        ONE,
    ),
    "a response without a request id counts once": (
        {MAIN: compact(response(requestId="absent"), response(requestId="absent"))},
        ONE,
    ),
    "a side question replays its parent under new request ids": (
        {
            MAIN: compact(response()),
            f"{SESSION}/subagents/agent-aside_question-a1.jsonl": compact(
                response(isSidechain=True, agentId="aside_question-a1", requestId="req_2")
            ),
        },
        ONE,
    ),
    "a sub-agent has responses of its own": (
        {
            MAIN: compact(response()),
            f"{SESSION}/subagents/agent-a1.jsonl": compact(
                response("msg_2", isSidechain=True, agentId="a1", requestId="req_2")
            ),
        },
        TWO,
    ),
    "so has a sub-agent of a workflow": (
        {
            MAIN: compact(response()),
            f"{SESSION}/subagents/workflows/wf_1/agent-a1.jsonl": compact(
                response("msg_2", isSidechain=True, agentId="a1", requestId="req_2")
            ),
        },
        TWO,
    ),
    "so has one in the older place, beside the session": (
        {
            MAIN: compact(response()),
            "agent-a1.jsonl": compact(
                response("msg_2", isSidechain=True, agentId="a1", requestId="req_2")
            ),
        },
        TWO,
    ),
    "a line cut short is not counted": (
        {MAIN: [*compact(response()), orjson.dumps(response("msg_2", requestId="req_2"))[:-30]]},
        ONE,
    ),
    "a line may end with a carriage return": (
        {MAIN: [compact(response())[0] + b"\r"]},
        ONE,
    ),
}


@pytest.mark.parametrize("case", AGREED)
def test_both_count_the_same_where(case: str, tmp_path: Path) -> None:
    files, expected = AGREED[case]
    claude = written(tmp_path / "claude", files)
    assert ccusage_tokens(claude, tmp_path) == expected
    assert imported(claude, tmp_path) == expected


@dataclass(frozen=True)
class Difference:
    """A line on which ccusage is wrong."""

    line: bytes
    why: str
    opentraces: Tokens = ONE
    ccusage: Tokens = NONE


EMPTY_SPLIT = {"ephemeral_5m_input_tokens": 0, "ephemeral_1h_input_tokens": 0}
_NULLS = (
    "ccusage looks for `:null` in the bytes of the line, takes the name before it, wherever that "
    "stands, and drops the line when the name is one of its own that may not be null"
)
DIFFERENCES = {
    "a tool is called with a null `id`": Difference(
        orjson.dumps(response(content=bash(command="true", id=None))),
        f"{_NULLS}; but this `id` is an argument of the tool, and the response was paid for.",
    ),
    "a tool is called with a null `model`": Difference(
        orjson.dumps(response(content=bash(command="true", model=None))),
        f"{_NULLS}; but this `model` is an argument of the tool.",
    ),
    "a tool is called with a null `cwd`": Difference(
        orjson.dumps(response(content=bash(command="true", cwd=None))),
        f"{_NULLS}; but this `cwd` is an argument of the tool.",
    ),
    "the speed is null": Difference(
        orjson.dumps(response(usage={"speed": None})),
        f"{_NULLS}; the API says so when no speed was asked for, and the tokens stand beside it.",
    ),
    "one class of tokens is null": Difference(
        orjson.dumps(response(usage={"cache_creation_input_tokens": None})),
        f"{_NULLS}; null means that nothing of this class was used, the other classes were.",
        opentraces=Tokens(10, 0, 1000, 50),
    ),
    "the split of what was written to the cache is empty": Difference(
        orjson.dumps(response(usage={"cache_creation": EMPTY_SPLIT})),
        "ccusage adds up the two lifetimes whenever they are there; the client writes both as 0 "
        "when the service names only the sum.",
        ccusage=Tokens(10, 0, 1000, 50),
    ),
    "the cost is null": Difference(
        orjson.dumps(response(costUSD=None)),
        f"{_NULLS}; an unknown cost does not make the tokens unknown.",
    ),
    "the JSON has spaces": Difference(
        orjson.dumps(response()).replace(b'"usage":{', b'"usage": {'),
        'ccusage parses only lines with the exact bytes `"usage":{`; a file that went through '
        "another JSON writer has none of them.",
    ),
    "the version is no three numbers": Difference(
        orjson.dumps(response(version="dev")),
        "ccusage drops a line whose client version does not begin like 1.2.3; a private build "
        "uses tokens as well.",
    ),
}


@pytest.mark.parametrize("case", DIFFERENCES)
def test_the_difference_is_the_one_explained(case: str, tmp_path: Path) -> None:
    difference = DIFFERENCES[case]
    claude = written(tmp_path / "claude", {MAIN: [difference.line]})
    assert ccusage_tokens(claude, tmp_path) == difference.ccusage, difference.why
    assert imported(claude, tmp_path) == difference.opentraces, difference.why


def imported(claude: Path, home: Path) -> Tokens:
    program = Program(home, claude)
    program.run("import", "--all")
    return total([NONE, *map(tokens_of, program.records())])
