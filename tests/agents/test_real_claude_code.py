"""Sessions of the real client: kept, found, linked, counted once, restored byte for byte."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from benchmarks.corpus.tokens import total
from benchmarks.program import Program, tokens_of
from tests.agents.rig.ccusage import ccusage_tokens
from tests.agents.rig.claude_code import ClaudeCode, new_repository
from tests.agents.rig.fake_api import serving
from tests.agents.rig.installed import claude_code_program
from tests.agents.rig.script import Call, Lane, Served, Text, Thinking, answer

pytestmark = pytest.mark.agents

MAIN, HELPER = "wombatwork", "quokkahelp"
PRINTED, THOUGHT, REPORTED = "narwhalprint", "axolotlthought", "pangolinreport"
SOURCE = "def add(a, b):\n    return a - b\n"


@dataclass(frozen=True)
class Recorded:
    """What the client left, and what the model sent it."""

    home: Path
    served: list[Served]
    main: str
    fork: str
    forked: slice
    """Which of the responses the fork asked for itself."""

    @property
    def claude(self) -> Path:
        return self.home / ".claude"

    @property
    def in_conversations(self) -> list[Served]:
        """The responses that a transcript records."""
        return [one for one in self.served if one.lane]


def lanes(repository: Path) -> list[Lane]:
    file = str(repository / "adder.py")
    delegate = {
        "description": "Check the sum",
        "prompt": f"{HELPER}: run the file and report",
        "subagent_type": "general-purpose",
    }
    wrong, right = "return a - b", "return a + b"
    return [
        Lane(
            HELPER,
            (
                answer(Call("Bash", {"command": "python3 adder.py", "description": "Run"})),
                answer(Text(f"{REPORTED}: it runs.")),
            ),
        ),
        Lane(
            MAIN,
            (
                answer(
                    Thinking(f"I {THOUGHT} that the sign is wrong."),
                    Text("I look first."),
                    Call("Read", {"file_path": file}),
                    Call("Bash", {"command": f"echo {PRINTED}", "description": "Print"}),
                ),
                answer(Call("Edit", {"file_path": file, "old_string": wrong, "new_string": right})),
                answer(Call("Agent", delegate)),
                answer(Text("The sum is right now.")),
                answer(Call("Bash", {"command": "cat adder.py", "description": "Show"})),
                answer(Text("Nothing is left to do.")),
                answer(Text("In the fork all is well.")),
                answer(Text("The first session goes on.")),
            ),
        ),
    ]


@pytest.fixture(scope="module")
def recorded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Recorded]:
    claude_code_program()
    root = tmp_path_factory.mktemp("claude-code")
    home, repository = root / "home", root / "adder"
    home.mkdir()
    new_repository(repository, {"adder.py": SOURCE})
    with serving(lanes(repository)) as (api, address):
        client = ClaudeCode(home, repository, address)
        main = client.prompt(f"{MAIN}: mend the sum")
        resumed = client.prompt("Is anything left?", "--resume", main)
        before = len(api.served)
        fork = client.prompt("And if we fork?", "--resume", main, "--fork-session")
        forked = slice(before, len(api.served))
        again = client.prompt("Go on.", "--resume", main)
        assert main == resumed == again != fork
        yield Recorded(home, api.served, main, fork, forked)


@pytest.fixture(scope="module")
def program(recorded: Recorded) -> Program:
    program = Program(recorded.home, recorded.claude)
    report = program.json("import", "--all")
    assert report["failed"] == []
    assert report["kept"] == 2
    assert report["lines"]["bad"] == 0
    return program


@pytest.fixture(scope="module")
def records(program: Program) -> dict[str, dict[str, Any]]:
    return {record["session_id"]: record for record in program.records()}


def test_both_sessions_are_kept(recorded: Recorded, records: dict[str, dict[str, Any]]) -> None:
    assert records.keys() == {recorded.main, recorded.fork}
    assert {record["agent"]["name"] for record in records.values()} == {"claude-code"}


@pytest.mark.parametrize("word", [MAIN, PRINTED, THOUGHT])
def test_shared_history_is_found_in_both(recorded: Recorded, program: Program, word: str) -> None:
    assert program.sessions_with(word) == {recorded.main, recorded.fork}


def test_what_a_sub_agent_reported_is_found(recorded: Recorded, program: Program) -> None:
    assert recorded.main in program.sessions_with(REPORTED)


def test_every_source_is_restored_byte_for_byte(
    recorded: Recorded, program: Program, tmp_path: Path
) -> None:
    for number, trace_id in enumerate(program.trace_ids()):
        program.run("trace", "restore", trace_id, "--to", str(tmp_path / str(number)))
    restored = sorted(path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())
    projects = recorded.claude / "projects"
    assert restored == sorted(path.read_bytes() for path in projects.rglob("*") if path.is_file())


def test_steps_of_the_sub_agent_hang_under_its_call(
    recorded: Recorded, records: dict[str, dict[str, Any]]
) -> None:
    steps = {step["step_index"]: step for step in records[recorded.main]["steps"]}
    helpers = [step for step in steps.values() if step["call_type"] == "subagent"]
    assert len(helpers) == len([one for one in recorded.served if one.lane == HELPER])
    for step in helpers:
        parent = steps[step["parent_step"]]
        assert "Agent" in [call["tool_name"] for call in parent["tool_calls"]]


def test_parallel_calls_have_their_own_results(
    recorded: Recorded, records: dict[str, dict[str, Any]]
) -> None:
    steps = records[recorded.main]["steps"]
    both = next(step for step in steps if len(step["tool_calls"]) == 2)
    results = {one["source_call_id"]: one["content"] for one in both["observations"]}
    read, printed = (results[call["tool_call_id"]] for call in both["tool_calls"])
    assert "return a - b" in read
    assert PRINTED in printed


def test_copied_steps_of_the_fork_are_flagged_by_their_native_ids(
    recorded: Recorded, records: dict[str, dict[str, Any]]
) -> None:
    before = recorded.served[: recorded.forked.start]
    flagged = records[recorded.fork]["metadata"]["copied_steps"]
    copied = {row["message_id"] for row in flagged if "message_id" in row}
    assert copied == {one.message_id for one in before if one.lane == MAIN}
    assert not records[recorded.main]["metadata"].get("copied_steps")


def test_tokens_are_those_that_the_model_sent(
    recorded: Recorded, records: dict[str, dict[str, Any]]
) -> None:
    of_fork = [one.tokens for one in recorded.served[recorded.forked] if one.lane]
    assert tokens_of(records[recorded.fork]) == total(of_fork)
    everything = total(one.tokens for one in recorded.in_conversations)
    assert total(map(tokens_of, records.values())) == everything


def test_ccusage_counts_the_same(recorded: Recorded, tmp_path: Path) -> None:
    everything = total(one.tokens for one in recorded.in_conversations)
    assert ccusage_tokens(recorded.claude, tmp_path) == everything


def test_importing_again_changes_nothing(program: Program) -> None:
    report = program.json("import", "--all")
    assert (report["kept"], report["unchanged"]) == (0, 2)
