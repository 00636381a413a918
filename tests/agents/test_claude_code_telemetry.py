"""The real Claude Code tells our receiver what it does, with the settings that our setup wrote."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import orjson
import pytest

from benchmarks.processes import ProgramFailed
from benchmarks.program import Program
from tests.agents.rig.claude_code import ClaudeCode, new_repository
from tests.agents.rig.fake_api import serving
from tests.agents.rig.installed import claude_code_program
from tests.agents.rig.script import Call, Lane, Served, Text, answer
from tests.agents.rig.telemetry import Receiving, receiving

pytestmark = pytest.mark.agents

MAIN, HELPER = "wombattold", "quokkatold"
SETTINGS = b'{\n  "cleanupPeriodDays": 99\n}\n'


@dataclass(frozen=True)
class Told:
    """A session of the client, and the receiver that it told of it."""

    receiving: Receiving
    session: str
    served: list[Served]


def lanes(repository: Path) -> list[Lane]:
    delegate = {
        "description": "Look",
        "prompt": f"{HELPER}: print and report",
        "subagent_type": "general-purpose",
    }
    return [
        Lane(
            HELPER,
            (
                answer(Call("Bash", {"command": "echo helped", "description": "Print"})),
                answer(Text("It prints.")),
            ),
        ),
        Lane(
            MAIN,
            (
                answer(Call("Read", {"file_path": str(repository / "adder.py")})),
                answer(Call("Agent", delegate)),
                answer(Text("All is well.")),
            ),
        ),
    ]


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Told]:
    claude_code_program()
    root = tmp_path_factory.mktemp("claude-code")
    home, repository = root / "home", root / "adder"
    (home / ".claude").mkdir(parents=True)
    (home / ".claude" / "settings.json").write_bytes(SETTINGS)
    new_repository(repository, {"adder.py": "print(1)\n"})
    program = Program(home, home / ".claude")
    with serving(lanes(repository)) as (api, address), receiving(program) as receiver:
        session = ClaudeCode(home, repository, address).prompt(f"{MAIN}: look at it")
        yield Told(receiver, session, api.served)


def test_events_are_there_from_the_first_on_without_a_gap(told: Told) -> None:
    records = told.receiving.records(told.session, "logs")

    numbers = [record["attributes"]["event.sequence"] for record in records]
    assert numbers == list(range(len(numbers)))
    assert {record["attributes"]["session.id"] for record in records} == {told.session}
    requests = [r for r in records if r["attributes"]["event.name"] == "api_request"]
    assert len(requests) == len(told.served)


def test_spans_and_metrics_are_there_too(told: Told) -> None:
    spans = told.receiving.records(told.session, "traces")
    assert "claude_code.interaction" in {span["name"] for span in spans}
    assert {len(span["traceId"]) for span in spans} == {32}
    metrics = {metric["name"] for metric in told.receiving.records(told.session, "metrics")}
    assert "claude_code.token.usage" in metrics


def test_every_record_stands_alone(told: Told) -> None:
    for line in told.receiving.spooled(told.session):
        assert line["opentraces"] == 1
        assert line["at"] > 0
        assert line["record"]["resource"]["attributes"]["service.name"] == "claude-code"
        assert line["record"]["scope"]["name"]


def test_nothing_was_refused_and_all_of_it_was_of_the_session(told: Told) -> None:
    status = told.receiving.status()

    spool = told.receiving.program.store / "spool" / "otlp"
    assert [file.name for file in spool.iterdir()] == [f"{told.session}.jsonl"]
    assert status["refused"] == 0
    assert status["records"] == len(told.receiving.spooled(told.session))
    assert status["spooled_bytes"] == (spool / f"{told.session}.jsonl").stat().st_size


def test_bodies_are_in_our_folder_for_its_owner_alone(told: Told) -> None:
    bodies = told.receiving.bodies
    records = told.receiving.records(told.session, "logs")

    named = {r["attributes"]["body_ref"] for r in records if "body_ref" in r["attributes"]}
    assert bodies.stat().st_mode & 0o777 == 0o700
    assert named == {str(file) for file in bodies.iterdir()}
    assert len(list(bodies.glob("*.request.json"))) >= len(told.served)
    for file in bodies.glob("*.response.json"):
        assert orjson.loads(file.read_bytes())["id"] in {one.message_id for one in told.served}


def test_settings_are_as_before_once_it_is_removed(told: Told, tmp_path: Path) -> None:
    claude = tmp_path / ".claude"
    claude.mkdir()
    (claude / "settings.json").write_bytes(SETTINGS)
    program = Program(tmp_path, claude)
    program.run("setup", "capture-otlp")
    assert (claude / "settings.json").read_bytes() != SETTINGS

    program.run("setup", "capture-otlp", "--remove")

    assert (claude / "settings.json").read_bytes() == SETTINGS
    assert [path.name for path in claude.iterdir()] == ["settings.json"]


def test_without_a_receiver_the_client_does_all_that_it_does_with_one(
    told: Told, tmp_path: Path
) -> None:
    home, repository = tmp_path / "home", tmp_path / "adder"
    (home / ".claude").mkdir(parents=True)
    new_repository(repository, {"adder.py": "print(1)\n"})
    program = Program(home, home / ".claude")
    with serving(lanes(repository)) as (api, address):
        with receiving(program):
            pass
        with pytest.raises(ProgramFailed, match="exit code 1"):
            program.run("capture-otlp", "status")
        ClaudeCode(home, repository, address).prompt(f"{MAIN}: look at it")

    assert len(api.served) == len(told.served)
    assert list((program.store / "spool").glob("otlp/*")) == []
    bodies = program.store / "spool" / "bodies"
    assert len(list(bodies.glob("*.response.json"))) == len(api.served)
