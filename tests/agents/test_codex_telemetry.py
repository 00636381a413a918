"""The real Codex tells our receiver what it does, in either form of OTLP over HTTP."""

from pathlib import Path

import orjson
import pytest

from tests.agents.rig.codex_live import living, tools
from tests.agents.rig.codex_story import SCENES, SHELL
from tests.agents.rig.telemetry import Receiving, receiving

pytestmark = pytest.mark.agents

_OTEL = """
[otel]
environment = "tests"
log_user_prompt = true
exporter = {{ otlp-http = {{ endpoint = "{place}/v1/logs", {rest} }} }}
trace_exporter = {{ otlp-http = {{ endpoint = "{place}/v1/traces", {rest} }} }}
metrics_exporter = {{ otlp-http = {{ endpoint = "{place}/v1/metrics", {rest} }} }}
"""
_REST = 'protocol = "{protocol}", headers = {{ "authorization" = "Bearer {token}" }}'


def configured(receiver: Receiving, protocol: str) -> str:
    rest = _REST.format(protocol=protocol, token=receiver.token)
    return _OTEL.format(place=f"http://127.0.0.1:{receiver.port}", rest=rest)


@pytest.mark.parametrize("protocol", ["json", "binary"])
def test_what_it_tells_is_written_down_by_session(protocol: str, tmp_path: Path) -> None:
    scene = next(scene for scene in SCENES if scene.word == SHELL)
    with living(tmp_path) as live, receiving(live.program) as receiver:
        with (live.client.home / "config.toml").open("a") as file:
            file.write(configured(receiver, protocol))
        session = live.play(scene)
        logs = receiver.records(session, "logs")
        status = receiver.status()
        live.ours("import", "--agent", "codex-cli", "--all")
        told = live.told(session)
        assert receiver.spooled(session) == []
        live.program.run("trace", "restore", session, "--to", str(tmp_path / "to"))
        [kept] = (tmp_path / "to").rglob(f"telemetry/{session}.jsonl")

    named = [record["attributes"].get("event.name") for record in logs]
    assert {"codex.conversation_starts", "codex.user_prompt", "codex.tool_result"} <= {*named}
    results = [r for r in logs if r["attributes"].get("event.name") == "codex.tool_result"]
    assert len(results) == len(tools(told.record)) == len(scene.tools)
    [prompt] = [r for r in logs if r["attributes"].get("event.name") == "codex.user_prompt"]
    assert prompt["attributes"]["prompt"] == scene.prompt
    assert prompt["resource"]["attributes"]["service.name"] == "codex_exec"
    assert all(isinstance(record["observedTimeUnixNano"], int) for record in logs)
    lines = kept.read_bytes().splitlines()
    assert [each["record"] for each in map(orjson.loads, lines) if each["signal"] == "logs"] == logs
    assert status["refused"] == 0
