"""A hook that is killed takes nothing along but its own event."""

import os
import subprocess

import pytest

from tests.integration.hooks.hooked import SESSION, SILENT, HookedMachine, event
from tests.integration.hooks.kills import kill_hooks

LARGE = 5_000_000
SEED, ROUNDS = 20251126, 80


def killed_in_the_write(machine: HookedMachine) -> None:
    """Run a hook on a large event, and kill it as soon as the first of it is in the spool."""
    file, payload = machine.spool / f"{SESSION}.jsonl", machine.root / "payload"
    payload.write_bytes(event(prompt="x" * LARGE))
    length = file.stat().st_size
    command = [str(machine.python), "-I", "-S", str(machine.script), str(machine.store)]
    with (
        payload.open("rb") as stdin,
        subprocess.Popen(command, stdin=stdin, env=machine.environment()) as process,
    ):
        while process.poll() is None and file.stat().st_size == length:
            pass
        process.kill()


def test_torn_line_spoils_no_other(machine: HookedMachine) -> None:
    machine.run(event(prompt="before"))
    first = machine.lines()

    for _ in range(20):
        os.truncate(machine.spool / f"{SESSION}.jsonl", len(first[0]))
        killed_in_the_write(machine)
        if not machine.lines()[-1].endswith(b"\n"):
            break
    else:
        pytest.skip("no hook was caught while it wrote")
    assert machine.run(event(prompt="after")) == SILENT
    assert machine.run(event(prompt="at last")) == SILENT

    assert machine.lines()[0] == first[0]
    assert [said["prompt"] for said in machine.events()] == ["before", "after", "at last"]


def test_what_a_hook_acknowledged_is_there_whoever_else_was_killed(machine: HookedMachine) -> None:
    tally = kill_hooks(machine, ROUNDS, SEED)

    assert tally.wrong == []
    assert tally.acknowledged + tally.killed == ROUNDS
    assert min(tally.acknowledged, tally.killed) > 0
