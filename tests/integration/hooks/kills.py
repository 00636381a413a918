"""Hooks that are killed at random instants, and what must be in the spool afterwards."""

import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from math import inf
from pathlib import Path
from random import Random
from typing import Any

from tests.integration.hooks.hooked import HookedMachine, event, salvaged

SIZES = (10, 2_000, 100_000, 5_000_000)
_AT_ONCE = 4
_TOGETHER = 40
"""Hooks after which the spool is looked through, and new sessions begin."""


@dataclass
class Tally:
    """What became of the hooks."""

    acknowledged: int = 0
    """Ended with 0."""

    killed: int = 0
    torn: int = 0
    """Lines that were cut short."""

    wrong: list[str] = field(default_factory=list)
    """Whatever must not be; empty, unless the hook is at fault."""


@dataclass
class _Hook:
    number: int
    session: str
    process: subprocess.Popen[bytes]
    spooled: Path
    length: int
    """Of the spool's file when the hook began."""

    kill_at: float | None
    """None: as soon as the file grows."""

    @property
    def is_due(self) -> bool:
        if self.kill_at is not None:
            return time.monotonic() >= self.kill_at
        return _length(self.spooled) != self.length


def kill_hooks(machine: HookedMachine, rounds: int, seed: int) -> Tally:
    """Run `rounds` hooks, a few at once, and kill them by SIGKILL: by the clock or in the write."""
    random, tally = Random(seed), Tally()
    usual = _usual_seconds(machine)
    for first in range(0, rounds, _TOGETHER):
        batch = range(first, min(first + _TOGETHER, rounds))
        sessions = [f"{first:08x}-{at:04x}-4000-8000-000000000000" for at in range(3)]
        acknowledged = set[int]()
        for start in batch[::_AT_ONCE]:
            some = range(start, min(start + _AT_ONCE, batch.stop))
            hooks = [_start(machine, n, random.choice(sessions), random, usual) for n in some]
            acknowledged |= set(_ended(hooks))
        tally.acknowledged += len(acknowledged)
        tally.killed += len(batch) - len(acknowledged)
        _check(machine, sessions, batch, acknowledged, tally)
    return tally


def _usual_seconds(machine: HookedMachine) -> float:
    """Return how long a hook takes here, about."""
    started = time.monotonic()
    for _ in range(3):
        machine.run(event(number=-1))
    return (time.monotonic() - started) / 3


def _start(
    machine: HookedMachine, number: int, session: str, random: Random, usual: float
) -> _Hook:
    size = random.choice(SIZES)
    payload = machine.root / f"payload-{number}"
    payload.write_bytes(event(session=session, number=number, prompt="x" * size, size=size))
    file = machine.spool / f"{session}.jsonl"
    length, is_by_clock = _length(file), random.random() < 0.7
    with payload.open("rb") as stdin:
        process = subprocess.Popen(
            [machine.python, "-I", "-S", machine.script, machine.store],
            stdin=stdin,
            env=machine.environment(),
            cwd=machine.repository,
        )
    payload.unlink()
    kill_at = time.monotonic() + _delay(number, random, usual) if is_by_clock else None
    return _Hook(number, session, process, file, length, kill_at)


def _delay(number: int, random: Random, usual: float) -> float:
    """Return after how many seconds a hook is killed; some at once, and some are left alone.

    So there are some of both, whatever else keeps the machine busy.
    """
    return (0.0, inf)[number % 10 // 5] if number % 5 == 0 else random.uniform(0, 2 * usual)


def _ended(hooks: list[_Hook]) -> Iterator[int]:
    """Kill each hook when it is due; yield the numbers of those that ended with 0 before that."""
    left = hooks
    while left:
        for hook in left:
            if hook.is_due:
                hook.process.kill()
        left = [hook for hook in left if hook.process.poll() is None]
    yield from (hook.number for hook in hooks if hook.process.returncode == 0)


def _check(
    machine: HookedMachine,
    sessions: list[str],
    batch: range,
    acknowledged: set[int],
    tally: Tally,
) -> None:
    found = list[int]()
    for session in sessions:
        lines = machine.lines(session)
        events = [said["event"] for said in salvaged(lines)]
        tally.wrong += [f"{said['number']} is not as sent" for said in events if not _is_sent(said)]
        tally.torn += sum(line.count(b'{"opentraces":1,') for line in lines) - len(events)
        found += [said["number"] for said in events]
        (machine.spool / f"{session}.jsonl").unlink(missing_ok=True)  # many would fill the disk
    tally.wrong += [f"{number} is lost" for number in sorted(acknowledged - set(found))]
    tally.wrong += [f"{number} is invented" for number in sorted(set(found) - set(batch))]
    tally.wrong += [f"{number} is there twice" for number in found if found.count(number) > 1]


def _is_sent(said: Any) -> bool:
    return bool(said["prompt"] == "x" * said["size"])


def _length(file: Path) -> int:
    return file.stat().st_size if file.exists() else 0
