"""The shell's questions, answered."""

import shutil
import subprocess

import pytest

from opentraces.entrypoints.cli.commands import COMMANDS, below
from tests.integration.cli.conftest import Process


def completed(process: Process, words: str, shell: str = "bash") -> list[str]:
    """What a shell is told after `words`, of which the last one is not finished."""
    environment = {
        "_OPENTRACES_COMPLETE": f"{shell}_complete",
        "COMP_WORDS": words,
        "COMP_CWORD": str(len(words.split(" ")) - 1),
    }
    run = process(env=environment)
    assert (run.returncode, run.stderr) == (0, b"")
    return [line.partition(",")[2] for line in run.stdout.decode().splitlines()]


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_the_script_is_of_the_shell_and_asks_by_our_variable(shell: str, process: Process) -> None:
    run = process("completion", shell)

    assert run.returncode == 0
    assert f"_OPENTRACES_COMPLETE={shell}_complete" in run.stdout.decode()
    if found := shutil.which(shell):
        subprocess.run([found, "-n"], input=run.stdout, check=True)


def test_commands_are_completed(process: Process) -> None:
    assert completed(process, "opentraces ") == list(below(""))
    assert completed(process, "opentraces trac") == ["trace"]
    assert completed(process, "opentraces tr") == ["trace", "trail"]
    assert completed(process, "opentraces trace ") == list(below("trace "))
    assert completed(process, "opentraces re") == ["remove"]
    assert completed(process, "opentraces bucket v") == ["verify"]


def test_options_are_completed(process: Process) -> None:
    assert "--deep" in completed(process, "opentraces bucket verify --")
    assert completed(process, "opentraces trace query --si") == ["--since"]
    assert "--debug" in completed(process, "opentraces --")


def test_values_are_completed(process: Process) -> None:
    assert completed(process, "opentraces completion ") == ["bash", "zsh", "fish"]
    agents = ["claude-code", "codex-cli", "hermes", "pi"]
    assert completed(process, "opentraces import --agent ") == agents


def test_summaries_stand_beside_names(process: Process) -> None:
    run = process(
        env={"_OPENTRACES_COMPLETE": "zsh_complete", "COMP_WORDS": "opentraces ", "COMP_CWORD": "1"}
    )

    assert f"import\n{COMMANDS['import'][1]}\n" in run.stdout.decode()
