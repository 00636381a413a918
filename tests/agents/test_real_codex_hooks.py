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
from tests.agents.rig.codex import Codex
from tests.agents.rig.codex_model import serving
from tests.agents.rig.codex_script import Lane, answer, runs, says
from tests.agents.rig.installed import codex_program
from tests.integration.adapters.hooks_file.test_codex import IGNORED

pytestmark = pytest.mark.agents

SCRIPT = Path(opentraces.__path__[0], "entrypoints", "hooks", HOOKS.script)
BYPASS = "--dangerously-bypass-hook-trust"
WORD = "wombat"


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


def work(codex: Codex, folder: Path, *options: str) -> None:
    """Let the client run a command and end its turn."""
    lane = Lane(WORD, (answer(runs(f"echo {WORD}")), answer(says("Done."))))
    with serving([lane]) as (_, address):
        codex.configure(address)
        ended = codex.run(folder, *options, f"Say {WORD}")
        assert ended.code == 0, ended


def told(codex: Codex) -> HooksTrusted:
    return CodexHookTrust(codex.home, codex.user, codex.search_path, seconds=60).ask()


def is_written_to(repository: Path) -> bool:
    """Whether a hook wrote an event down; the worker that it starts takes the file away."""
    return (repository / ".opentraces" / "codex-cli" / "hooks").is_dir()


def test_what_was_set_up_is_understood_and_not_trusted_by_us(codex: Codex) -> None:
    install(codex)

    found = told(codex)

    assert set(found.untrusted) == set(HOOKS.events)
    assert (found.trusted, found.modified, found.complaints, found.problem) == ((), (), (), None)


def test_hooks_that_nobody_trusted_are_skipped(codex: Codex, repository: Path) -> None:
    install(codex)

    work(codex, repository)

    assert not is_written_to(repository)


def test_hooks_that_are_trusted_write_in_a_repository(codex: Codex, repository: Path) -> None:
    install(codex)
    codex.trust_hooks()
    assert set(told(codex).trusted) == set(HOOKS.events)

    work(codex, repository)

    assert is_written_to(repository)


def test_hooks_write_where_the_client_was_told_to_ask_nobody(
    codex: Codex, repository: Path
) -> None:
    install(codex)

    work(codex, repository, BYPASS)

    assert is_written_to(repository)
    assert set(told(codex).untrusted) == set(HOOKS.events)


def test_of_a_repository_that_is_not_enrolled_nothing_is_written(
    codex: Codex, repository: Path, tmp_path: Path
) -> None:
    install(codex)
    stranger = tmp_path / "stranger"
    stranger.mkdir()

    work(codex, stranger, BYPASS)

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
