"""Codex asked of our hooks: by recorded answers, given by a stand-in for the client."""

import json
import os
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from opentraces.adapters.codex_cli.setup import HOOKS
from opentraces.adapters.codex_cli.trust import CodexHookTrust
from opentraces.domain.setup import HooksTrusted
from tests.contracts.hook_trust import HookTrustContract

RECORDED = Path(__file__).parents[3] / "data" / "codex-cli-hooks"
LAST = {"SessionEnd", "Interrupt"}
OURS = "python /home/dev/.codex/hooks/opentraces/codex_cli.py"

STAND_IN = """#!/bin/sh
env > "$CODEX_HOME/told"
echo "$*" >> "$CODEX_HOME/told"
{before}
read first; read second; read third
printf '%s\\n%s\\n%s\\n' "$first" "$second" "$third" > "$CODEX_HOME/asked"
echo '{{"id":1,"result":{{}}}}'
echo '{{"id":2,"method":"a question of its own"}}'
cat "$CODEX_HOME/answer"
{after}
"""


class Client:
    """A stand-in for the client."""

    def __init__(self, root: Path) -> None:
        self.home = root / ".codex"
        self.programs = root / "bin"
        self.home.mkdir()
        self.programs.mkdir()

    def install(self, before: str = ":", after: str = ":") -> None:
        program = self.programs / "codex"
        program.write_text(STAND_IN.format(before=before, after=after))
        program.chmod(0o755)

    def answer(self, *hooks: dict[str, Any], warnings: tuple[str, ...] = ()) -> None:
        listed = {"cwd": "/x", "hooks": hooks, "warnings": warnings, "errors": []}
        self.says({"data": [listed]})

    def says(self, result: Any) -> None:
        (self.home / "answer").write_text(json.dumps({"id": 2, "result": result}) + "\n")

    def trust(self, seconds: float = 30) -> CodexHookTrust:
        path = f"relative:{self.programs}:/usr/bin:/bin"
        return CodexHookTrust(self.home, self.home.parent, path, seconds)


def hook(event: str, status: str, command: str = OURS, **more: Any) -> dict[str, Any]:
    return {"eventName": event, "trustStatus": status, "command": command, "enabled": True} | more


@pytest.fixture
def client(tmp_path: Path) -> Client:
    client = Client(tmp_path)
    client.install()
    return client


class TestCodexHookTrust(HookTrustContract):
    @pytest.fixture
    def trust(self, client: Client) -> CodexHookTrust:
        client.answer(
            hook("stop", "trusted"),
            hook("sessionEnd", "untrusted"),
            hook("interrupt", "modified"),
            hook("preToolUse", "trusted", command="theirs"),
            warnings=("no",),
        )
        return client.trust()

    @pytest.fixture
    def mute(self, tmp_path: Path) -> CodexHookTrust:
        return CodexHookTrust(tmp_path, tmp_path, str(tmp_path))


@pytest.mark.parametrize("name", ["untrusted", "trusted", "modified"])
def test_real_answer_is_understood(name: str, client: Client) -> None:
    client.says(json.loads((RECORDED / f"{name}.json").read_bytes()))

    told = client.trust().ask()

    assert (told.problem, told.complaints, told.disabled) == (None, (), ())
    standing = {"trusted": told.trusted, "untrusted": told.untrusted, "modified": told.modified}
    changed = set(HOOKS.events) - (LAST if name == "modified" else set())
    assert set(standing[name]) == changed
    assert sum(map(len, standing.values())) == len(HOOKS.events)


def test_managed_hook_runs_and_one_switched_off_does_not(client: Client) -> None:
    client.answer(hook("stop", "managed"), hook("interrupt", "trusted", enabled=False))

    assert client.trust().ask() == HooksTrusted(trusted=("Stop",), disabled=("Interrupt",))


def test_standing_that_is_not_known_counts_as_untrusted(client: Client) -> None:
    client.answer(hook("stop", "pondering"), {"eventName": "stop"}, {})

    assert client.trust().ask() == HooksTrusted(untrusted=("Stop",))


def test_client_is_asked_in_its_own_folder_and_told_no_more_than_it_needs(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    client.answer()
    monkeypatch.setenv("OPENAI_API_KEY", "secret")

    client.trust().ask()

    told = (client.home / "told").read_text().splitlines()
    assert {line.partition("=")[0] for line in told[:-1]} - {"PWD", "OLDPWD", "SHLVL", "_"} == {
        *("CODEX_HOME", "HOME", "PATH")
    }
    assert f"PATH={client.programs}:/usr/bin:/bin" in told
    assert told[-1] == "app-server"
    asked = [json.loads(line) for line in (client.home / "asked").read_text().splitlines()]
    assert [said["method"] for said in asked] == ["initialize", "initialized", "hooks/list"]
    assert asked[2]["params"] == {"cwds": [str(client.home)]}


@pytest.mark.parametrize(
    ("result", "problem"),
    [
        ({"data": []}, "of a form that we do not know"),
        ([], "of a form that we do not know"),
        ({"data": [{"hooks": 1, "warnings": 2, "errors": [3]}]}, None),
    ],
)
def test_answer_of_another_form_is_a_problem_and_no_error(
    result: Any, problem: str | None, client: Client
) -> None:
    client.says(result)

    told = client.trust().ask()

    assert (problem or "") in (told.problem or "")
    assert replace(told, problem=None, complaints=()) == HooksTrusted()


@pytest.mark.parametrize("before", ["exit 0", "echo garbage; exit 1", "exec cat /dev/zero"])
def test_client_that_does_not_answer_is_a_problem_and_no_error(before: str, client: Client) -> None:
    client.install(before)

    assert "codex did not say" in (client.trust().ask().problem or "")


def test_client_that_hangs_is_ended_and_so_is_what_it_started(
    client: Client, tmp_path: Path
) -> None:
    alive = tmp_path / "alive"
    os.mkfifo(alive)
    reader = os.open(alive, os.O_RDONLY | os.O_NONBLOCK)
    client.install(f"(echo; exec sleep 600) > {alive} & sleep 600")

    os.set_blocking(reader, True)

    for seconds in (1, 10, 100):
        told = client.trust(seconds).ask()
        assert told.problem == f"codex did not answer within {seconds} s"
        if has_begun := os.read(reader, 10) == b"\n":
            break  # else the machine was too busy to start it in that time

    assert has_begun
    assert os.read(reader, 10) == b""  # only when nobody is left who might write
    os.close(reader)


def test_client_that_stays_after_its_answer_is_not_waited_for(client: Client) -> None:
    client.install(after="exec sleep 600")
    client.answer(hook("stop", "trusted"))

    assert client.trust().ask().trusted == ("Stop",)
