"""`opentraces capture-otlp` and its setup: what they say, and what they leave behind."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import orjson
import pytest

from opentraces.entrypoints.cli.exit_codes import BAD_REQUEST, FOUND_WRONG, NOT_FOUND, UNAVAILABLE
from tests.integration.cli.conftest import Call, Document
from tests.integration.cli.test_json_contract import example, shape
from tests.integration.otlp.conftest import free_port

SESSION = "afc0be94-d3d5-4c5a-951b-c0815f74cb07"
LINE = b'{"opentraces":1,"at":1,"signal":"logs","record":{"body":"a"}}\n'
BEFORE = b'{"model": "opus", "env": {"OTEL_LOG_USER_PROMPTS": "0"}}'


@pytest.fixture
def settings(home: Path) -> Path:
    """The settings of a user of Claude Code."""
    file = home / ".claude" / "settings.json"
    file.parent.mkdir(exist_ok=True)
    file.write_bytes(BEFORE)
    file.chmod(0o600)
    return file


@pytest.fixture
def running(settings: Path, call: Call) -> Iterator[int]:
    """The port of a receiver that runs."""
    port = free_port()
    assert call("setup", "capture-otlp", "--port", str(port)).exit_code == 0
    assert call("capture-otlp", "start").exit_code == 0
    yield port
    call("capture-otlp", "stop")


def env(settings: Path) -> Any:
    return orjson.loads(settings.read_bytes())["env"]


def token(home: Path) -> str:
    return (home / ".opentraces" / "otlp" / "token").read_text().strip()


def test_setup_writes_the_chosen_port_and_the_token(settings: Path, home: Path, call: Call) -> None:
    said = call("setup", "capture-otlp", "--port", "4555")

    assert (said.exit_code, said.stderr) == (0, "")
    told = env(settings)
    assert told["OTEL_EXPORTER_OTLP_ENDPOINT"] == "http://127.0.0.1:4555"
    assert told["OTEL_EXPORTER_OTLP_HEADERS"] == f"Authorization=Bearer {token(home)}"
    assert told["OTEL_LOG_RAW_API_BODIES"] == f"file:{home}/.opentraces/spool/bodies"
    assert told["OTEL_LOG_USER_PROMPTS"] == "0"
    assert (home / ".opentraces" / "otlp" / "token").stat().st_mode & 0o777 == 0o600
    assert "Next      opentraces capture-otlp start" in said.stdout


@pytest.mark.parametrize("form", [(), ("--json",)])
@pytest.mark.parametrize("command", ["capture-otlp", "claude-code"])
def test_no_token_is_shown(command: str, form: tuple[str, ...], settings: Path, call: Call) -> None:
    call("setup", "capture-otlp")
    said = "".join(
        call("setup", command, *options, *form).stdout
        for options in (["--dry-run"], ["--remove", "--dry-run"], [])
    )

    assert said
    assert re.findall(r"opentraces-[0-9a-f]{4,}", said) == []


def test_a_dry_run_changes_nothing_and_shows_every_file(
    settings: Path, home: Path, call: Call
) -> None:
    said = call("setup", "capture-otlp", "--systemd", "--dry-run").stdout

    assert settings.read_bytes() == BEFORE
    assert not (home / ".opentraces").exists()
    unit = "~/.config/systemd/user/opentraces-otlp.service"
    for path in ("~/.opentraces/otlp/token", "~/.opentraces/otlp/port", unit):
        assert f"+ {path}" in said
    assert '+{"model": "opus", "env": {"OTEL_LOG_USER_PROMPTS": "0", "CLAUDE_CODE_' in said


def test_unit_is_written_and_removed(settings: Path, home: Path, call: Call) -> None:
    unit = home / ".config" / "systemd" / "user" / "opentraces-otlp.service"
    said = call("setup", "capture-otlp", "--systemd").stdout
    assert f'"OPENTRACES_HOME={home}/.opentraces"' in unit.read_text()
    assert "systemctl --user enable --now opentraces-otlp" in said

    said = call("setup", "capture-otlp", "--remove").stdout

    assert not unit.exists()
    assert "systemctl --user disable --now opentraces-otlp" in said
    assert settings.read_bytes() == BEFORE


def test_options_of_telemetry_go_with_telemetry(call: Call) -> None:
    for option in (["--port", "5"], ["--systemd"]):
        assert call("setup", "claude-code", *option).exit_code == BAD_REQUEST
    assert call("setup", "capture-otlp", "--port", "0").exit_code == BAD_REQUEST


def test_what_does_not_run_is_told_and_wrong(home: Path, call: Call) -> None:
    said = call("capture-otlp", "status")

    assert said.exit_code == FOUND_WRONG
    assert said.stdout.startswith("Receiver  not running → opentraces capture-otlp start\n")
    assert orjson.loads(call("capture-otlp", "status", "--json").stdout)["running"] is False
    assert not (home / ".opentraces" / "state" / "locks").exists()


def test_commands_say_what_they_did(running: int, call: Call) -> None:
    where = f"127.0.0.1:{running}\n"
    assert call("capture-otlp", "start").stdout == f"Receiver  runs already: on {where}"
    assert call("capture-otlp", "restart").stdout == f"Receiver  listening on {where}"
    assert call("capture-otlp", "status").stdout == (
        f"Receiver  listening on {where}"
        "Came      0 records in 0 requests, 0 refused\n"
        "Waiting   nothing\n"
    )
    assert call("capture-otlp", "stop").stdout == "Receiver  ended\n"
    assert call("capture-otlp", "stop").stdout == "Receiver  not running; nothing to do\n"


def test_port_of_another_is_unavailable(
    running: int, home: Path, call: Call, settings: Path
) -> None:
    env_ = {"OPENTRACES_HOME": str(home / "other")}
    call("setup", "capture-otlp", "--port", str(running), env=env_)

    said = call("capture-otlp", "start", env=env_)

    assert said.exit_code == UNAVAILABLE
    assert said.stderr.startswith(f"opentraces: 127.0.0.1:{running}: ")


def test_documents_are_as_described(running: int, document: Document, claude: Path) -> None:
    printed = document("capture-otlp", "status")
    assert shape(printed) == shape(example("capture-otlp status"))
    printed = document("capture-otlp", "restart")
    assert shape(printed) == shape(example("capture-otlp start"))
    printed = document("capture-otlp", "flush", "--session", SESSION)
    assert [key for key, _ in shape(printed)] == list(example("capture-otlp flush"))


def test_setup_document_is_as_described(settings: Path, document: Document) -> None:
    printed = document("setup", "capture-otlp")

    described = example("setup capture-otlp")
    assert list(printed) == list(described)
    assert shape(printed["telemetry"]) == shape(
        {**described["telemetry"], "missing": printed["telemetry"]["missing"]}
    )
    assert list(printed["changes"][0]) == list(described["changes"][0])


def test_what_waits_becomes_a_source_that_is_restored(
    claude: Path, home: Path, call: Call, document: Document, tmp_path: Path
) -> None:
    spool = home / ".opentraces" / "spool" / "otlp"
    spool.mkdir(parents=True)
    (spool / f"{SESSION}.jsonl").write_bytes(LINE)

    done = document("capture-otlp", "flush", "--session", SESSION)

    assert (done["changed"], done["spooled_bytes"], done["failed"]) == (True, 0, [])
    assert not (spool / f"{SESSION}.jsonl").exists()
    call("trace", "restore", done["trace_id"], "--to", str(tmp_path / "to"))
    [file] = (tmp_path / "to").rglob(f"telemetry/{SESSION}.jsonl")
    assert file.read_bytes() == LINE
    assert call("bucket", "verify").exit_code == 0
    again = document("capture-otlp", "flush", "--session", SESSION)
    assert (again["changed"], again["trace_id"]) == (False, done["trace_id"])


def test_an_import_takes_it_up_too(claude: Path, home: Path, document: Document) -> None:
    assert document("import", "--all")["kept"] > 0
    spool = home / ".opentraces" / "spool" / "otlp"
    spool.mkdir(parents=True)
    (spool / f"{SESSION}.jsonl").write_bytes(LINE)

    assert document("import", "--all")["kept"] == 1
    assert list(spool.iterdir()) == []
    assert document("import", "--all")["kept"] == 0


def test_flush_of_what_is_not_there_is_not_found(claude: Path, call: Call) -> None:
    flush = ("capture-otlp", "flush", "--session")
    assert call(*flush, "gone").exit_code == NOT_FOUND
    assert call(*flush, SESSION, "--project", "/nowhere").exit_code == NOT_FOUND
    assert call(*flush, SESSION, "--trace-id", "ffff").exit_code == BAD_REQUEST


def test_doctor_says_whether_it_is_received(running: int, call: Call, document: Document) -> None:
    def said() -> list[tuple[str, str | None]]:
        checks = orjson.loads(call("doctor", "--json").stdout)["checks"]
        return [(each["level"], each["advice"]) for each in checks if each["topic"] == "telemetry"]

    assert ("ok", None) in said()
    call("capture-otlp", "stop")
    assert ("warn", "opentraces capture-otlp start") in said()


@pytest.mark.parametrize(
    "order", [["claude-code", "capture-otlp"], ["capture-otlp", "claude-code"]]
)
def test_uninstall_takes_both_out_and_ends_the_receiver(
    order: list[str], settings: Path, home: Path, call: Call
) -> None:
    for name in order:
        port = ["--port", str(free_port())] if name == "capture-otlp" else []
        assert call("setup", name, *port).exit_code == 0
    call("capture-otlp", "start")

    assert call("uninstall").exit_code == 0

    assert call("capture-otlp", "status").exit_code == FOUND_WRONG
    assert settings.read_bytes() == BEFORE
    assert [path.name for path in settings.parent.iterdir()] == ["settings.json"]
    assert not (home / ".opentraces" / "otlp" / "token").exists()
