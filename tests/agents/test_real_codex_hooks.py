"""Our hooks in the real Codex: what it runs, what it skips, and what it asks its user about."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

import opentraces
from opentraces.adapters.codex_cli.setup import HOOKS
from opentraces.adapters.codex_cli.trust import CodexHookTrust
from opentraces.adapters.hooks_file.agent_setup import HooksFileSetup
from opentraces.domain.errors import SettingsInvalid
from opentraces.domain.setup import HooksTrusted
from tests.agents.rig.codex import Codex, serving
from tests.agents.rig.installed import codex_program
from tests.integration.adapters.hooks_file.test_codex import IGNORED

pytestmark = pytest.mark.agents

SCRIPT = Path(opentraces.__path__[0], "entrypoints", "hooks", HOOKS.script)
TURN = ["SessionStart", "UserPromptSubmit", "PostToolUse", "Stop", "SessionEnd"]
BYPASS = "--dangerously-bypass-hook-trust"


@pytest.fixture
def codex(tmp_path: Path) -> Codex:
    client = Codex(codex_program(), tmp_path / "user")
    client.home.mkdir(parents=True)
    return client


@pytest.fixture
def repository(tmp_path: Path, codex: Codex) -> Path:
    """A repository that is enrolled."""
    folder = tmp_path / "widgets"
    folder.mkdir()
    subprocess.run(["git", "init", "--quiet", folder], check=True)
    enrolled = codex.user / ".opentraces" / "state" / "enrolled" / "codex-cli"
    enrolled.parent.mkdir(parents=True)
    enrolled.write_text(f"{folder.resolve()}\n")
    return folder


def setup_of(codex: Codex, python: Path = Path(sys.executable)) -> HooksFileSetup:
    home = codex.user / ".opentraces"
    return HooksFileSetup(HOOKS, codex.home, home, python, SCRIPT.read_bytes())


def install(codex: Codex, python: Path = Path(sys.executable)) -> None:
    setup = setup_of(codex, python)
    setup.apply(setup.install())


def told(codex: Codex) -> HooksTrusted:
    return CodexHookTrust(codex.home, codex.user, codex.search_path, seconds=60).ask()


def written(repository: Path) -> list[str]:
    """The names of the events that were written down, in order."""
    files = repository.glob(".opentraces/codex-cli/hooks/*.jsonl")
    lines = [line for file in files for line in file.read_bytes().splitlines()]
    return [json.loads(line)["event"]["hook_event_name"] for line in lines]


def test_what_was_set_up_is_understood_and_not_trusted_by_us(codex: Codex) -> None:
    install(codex)

    found = told(codex)

    assert set(found.untrusted) == set(HOOKS.events)
    assert (found.trusted, found.modified, found.complaints, found.problem) == ((), (), (), None)


def test_hooks_that_nobody_trusted_are_skipped(codex: Codex, repository: Path) -> None:
    install(codex)

    with serving() as address:
        codex.run(repository, address)

    assert written(repository) == []


def test_hooks_that_are_trusted_write_a_turn_down(codex: Codex, repository: Path) -> None:
    install(codex)
    codex.trust_hooks()
    assert set(told(codex).trusted) == set(HOOKS.events)

    with serving() as address:
        codex.run(repository, address)

    assert written(repository) == TURN


def test_of_a_repository_that_is_not_enrolled_nothing_is_written(
    codex: Codex, repository: Path, tmp_path: Path
) -> None:
    install(codex)
    stranger = tmp_path / "stranger"
    stranger.mkdir()

    with serving() as address:
        codex.run(stranger, address, BYPASS)

    assert list(stranger.iterdir()) == []


def test_setting_up_again_leaves_them_trusted_and_another_python_does_not(codex: Codex) -> None:
    install(codex)
    codex.trust_hooks()

    install(codex)
    assert set(told(codex).trusted) == set(HOOKS.events)

    install(codex, Path("/usr/bin/another-python"))
    assert set(told(codex).modified) == set(HOOKS.events)


def test_hooks_of_the_user_stay_trusted_beside_ours(codex: Codex) -> None:
    theirs = {"hooks": [{"type": "command", "command": "true", "timeout": 5}]}
    (codex.home / "hooks.json").write_text(
        json.dumps({"hooks": {event: [theirs] for event in HOOKS.events}})
    )
    codex.trust_hooks()
    install(codex)

    listed = codex.asked("hooks/list", {"cwds": [str(codex.home)]})["data"][0]["hooks"]

    standing = {hook["trustStatus"] for hook in listed if hook["command"] == "true"}
    assert standing == {"trusted"}
    assert len(listed) == 2 * len(HOOKS.events)


@pytest.mark.parametrize("held", [held for held, _ in IGNORED.values()], ids=IGNORED.keys())
def test_file_that_we_refuse_is_one_that_it_ignores(held: bytes, codex: Codex) -> None:
    (codex.home / "hooks.json").write_bytes(held)

    [complaint] = codex.complaints()

    assert complaint.startswith("failed to parse hooks config")
    with pytest.raises(SettingsInvalid):
        setup_of(codex).install()
