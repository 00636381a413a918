"""A hook that is killed takes nothing along but its own event."""

import os
import subprocess

from opentraces.adapters.claude_code.hook_events import ClaudeCodeHookEvents
from opentraces.adapters.filesystem.spool import FilesystemEventSpool
from opentraces.domain.ids import SessionId
from opentraces.domain.session import Agent
from tests.integration.hooks.hooked import SESSION, SILENT, HookedMachine, both, event
from tests.integration.hooks.kills import kill_hooks

LARGE = 5_000_000
SEED, ROUNDS = 20251126, 80


def spool_of(machine: HookedMachine) -> FilesystemEventSpool:
    """What a worker reads the spool with."""
    return FilesystemEventSpool(machine.store / "spool", machine.store / "state", Agent.CLAUDE_CODE)


def killed_in_the_write(machine: HookedMachine) -> None:
    """Run a hook on a large event, and kill it as soon as the first of it is in the spool."""
    file, payload = machine.spool / f"{SESSION}.jsonl", machine.root / "payload"
    payload.write_bytes(event(prompt="x" * LARGE))
    length = file.stat().st_size
    command = [str(machine.python), "-I", "-S", str(machine.script), str(machine.store)]
    with (
        payload.open("rb") as stdin,
        subprocess.Popen(
            command, stdin=stdin, env=machine.environment(), cwd=machine.repository
        ) as process,
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
    else:  # each came too late: what it would have left
        os.truncate(machine.spool / f"{SESSION}.jsonl", len(first[0]) + LARGE // 2)
    assert machine.run(event(prompt="after")) == SILENT
    assert machine.run(event(prompt="at last")) == SILENT

    assert machine.lines()[0] == first[0]
    assert [said["prompt"] for said in machine.events()] == ["before", "after", "at last"]
    facts = ClaudeCodeHookEvents().facts(spool_of(machine).read(SessionId(SESSION), 0))
    assert (facts.events, facts.bad) == ({"UserPromptSubmit": 3}, 1)


def test_reader_ends_a_torn_line_before_the_next_event(machine: HookedMachine) -> None:
    machine.run(event(prompt="before"))
    file = machine.spool / f"{SESSION}.jsonl"
    os.truncate(file, file.stat().st_size - 10)

    assert list(spool_of(machine).read(SessionId(SESSION), 0)) == [file.read_bytes()]
    machine.run(event(prompt="after"))

    assert len(machine.lines()) == 2
    assert [said["prompt"] for said in machine.events()] == ["after"]


@both
def test_what_a_hook_acknowledged_is_there_whoever_else_was_killed(machine: HookedMachine) -> None:
    tally = kill_hooks(machine, ROUNDS, SEED)

    assert tally.wrong == []
    assert tally.acknowledged + tally.killed == ROUNDS
    assert min(tally.acknowledged, tally.killed) > 0
