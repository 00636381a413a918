"""What is shown of a trace of which some bytes are damaged."""

from pathlib import Path

import orjson
import pytest

from opentraces.domain.ids import TraceId
from tests.integration.adapters.filesystem.on_disk import traces_of
from tests.integration.cli.conftest import Call
from tests.integration.cli.test_later_releases import grow


@pytest.fixture
def grown(trace: str, kept: Path, claude: Path, call: Call) -> Path:
    """The folder of a trace that has two runs of steps."""
    grow(claude)
    assert call("import", "--all").exit_code == 0
    return kept / "bucket" / "traces" / "v1" / trace[:2] / trace


def spoil(path: Path, at: int) -> None:
    data = bytearray(path.read_bytes())
    data[at] ^= 1
    path.write_bytes(data)


@pytest.mark.parametrize("run", [0, 1])
def test_the_whole_run_is_shown_and_the_damaged_one_named(
    run: int, grown: Path, trace: str, call: Call
) -> None:
    envelope = traces_of(grown.parents[4]).envelope(TraceId(trace))
    members = envelope.files["steps.jsonl.gz"].members
    assert len(members) == 2
    before = orjson.loads(call("trace", "get", trace, "--json").stdout)
    spoil(grown / "steps.jsonl.gz", (0, -2)[run])

    said = call("trace", "get", trace, "--json")

    record = orjson.loads(said.stdout)
    lost = members[run]
    kept = [s for s in before["steps"] if not lost.first <= s["step_index"] <= lost.last]
    assert said.exit_code == 4
    assert [step["step_index"] for step in record["steps"]] == [s["step_index"] for s in kept]
    (damage,) = record["metadata"]["damage"]
    assert "; lost: :" in damage
    assert said.stderr == f"opentraces: {damage} → opentraces bucket repair\n"


def test_steps_are_shown_with_what_is_lost_of_others(grown: Path, trace: str, call: Call) -> None:
    spoil(grown / "steps.jsonl.gz", -2)

    said = call("trace", "get", f"{trace}:1", "--json")
    text = call("trace", "get", f"{trace}:1")

    document = orjson.loads(said.stdout)
    assert [step["step_index"] for step in document["steps"]] == [1]
    assert len(document["damage"]) == 1
    assert (said.exit_code, text.exit_code, text.stderr) == (4, 4, said.stderr)
