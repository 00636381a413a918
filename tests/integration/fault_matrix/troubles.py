"""Plays a scene with one trouble or another, at one instant after the other."""

import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from random import Random
from typing import TypeVar

import pytest
from click.testing import Result

from tests.integration.adapters.filesystem.faults import FAULTS, Fault
from tests.integration.adapters.filesystem.medium import Disk, Medium
from tests.integration.adapters.filesystem.surviving import disks
from tests.integration.fault_matrix.derived import Derived
from tests.integration.fault_matrix.scenes import command
from tests.integration.fault_matrix.stage import Outcome, Stage

Each = TypeVar("Each")

_MOST_DISKS = 150
_SUBSETS = 8
"""Of what was not durable, at each point at which the power may go."""


@dataclass
class Cell:
    """What became of one scene under one trouble."""

    scene: str
    trouble: str
    outcomes: Counter[Outcome] = field(default_factory=Counter)
    """By how many instants."""

    wrong: list[str] = field(default_factory=list)
    """What must not be."""

    def row(self) -> tuple[str, str, int, int, int, int]:
        """Return it as a row of a table: what is done, the trouble, and counts; last the wrong."""
        done, refused, partly = (self.outcomes[each] for each in Outcome)
        return self.scene, self.trouble, done, refused, partly, len(self.wrong)

    def judge(self, instant: object, play: Callable[[], Outcome]) -> None:
        """Count what became of the scene at one instant."""
        try:
            self.outcomes[play()] += 1
        except AssertionError as error:
            self.wrong.append(f"{self.scene}, {self.trouble} at {instant}: {error}")


Trouble = Callable[[Stage, Cell, int | None, Random], None]
"""Troubles a scene at all instants, or at some of them by chance."""


def strike(fault: Fault, stage: Stage, cell: Cell, instants: int | None, random: Random) -> None:
    """Let a fault strike at each operation that it can strike."""
    stage.reset()
    count = _play(stage, Medium(stage.place.root, fault=fault), has_syncfs=True)[0].asked
    for number in _some(range(count), instants, random):
        cell.judge(number, partial(_struck, fault, stage, number))


def _struck(fault: Fault, stage: Stage, number: int) -> Outcome:
    stage.reset()
    medium = Medium(stage.place.root, number, fault)
    _, result = _play(stage, medium, has_syncfs=number % 2 == 0)
    return stage.judge(result)


def lose_power(stage: Stage, cell: Cell, instants: int | None, random: Random) -> None:
    """Let the power go at each operation, with some of what was not durable.

    Index and ledger are as they were at that instant, or lost: they are made by others, and
    what they make durable is not seen from here.
    """
    stage.reset()
    root = stage.place.root
    before, derived = Disk.of(root), Derived(stage.place.home, root.with_name("derived"))
    medium = Medium(root)
    medium.seen = lambda: derived.keep(len(medium.done))
    _, result = _play(stage, medium, has_syncfs=True)
    assert result.exit_code == 0, result.output
    derived.keep(len(medium.done))
    every = disks(before, medium.done, _SUBSETS, random, instants or _MOST_DISKS)
    for number, disk in enumerate(every):
        cell.judge(number, partial(_left_by_the_power, stage, derived, disk, random))


def _left_by_the_power(stage: Stage, derived: Derived, disk: Disk, random: Random) -> Outcome:
    stage.place.clear()
    disk.write(stage.place.root, stage.place.root)
    derived.put_back(disk.point if random.getrandbits(1) else None)
    return stage.judge(None)


def kill(stage: Stage, cell: Cell, instants: int | None, random: Random) -> None:
    """Kill the program at random instants: real processes."""
    stage.reset()
    began = time.monotonic()
    _start(stage).communicate()
    usual = time.monotonic() - began
    for _ in range(20 if instants is None else instants):
        cell.judge("random", partial(_killed, stage, random.uniform(0.1, 1.1) * usual))


def _killed(stage: Stage, after_s: float) -> Outcome:
    stage.reset()
    process = _start(stage)
    time.sleep(after_s)
    process.send_signal(signal.SIGKILL)
    process.communicate()
    return stage.judge(None)


def _start(stage: Stage) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-m", "opentraces", *command(stage.scene, stage.place)],
        env={"PATH": "/usr/bin:/bin", **stage.place.environment},
        cwd=stage.place.root / stage.scene.folder,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


TROUBLES: Mapping[str, Trouble] = {
    **{fault.name: partial(strike, fault) for fault in FAULTS},
    "power lost": lose_power,
    "killed": kill,
}


def trouble(stage: Stage, name: str, instants: int | None, random: Random) -> Cell:
    """Trouble a scene; returns what became of it."""
    cell = Cell(stage.scene.name, name)
    TROUBLES[name](stage, cell, instants, random)
    return cell


def _play(stage: Stage, medium: Medium, *, has_syncfs: bool) -> tuple[Medium, Result]:
    with pytest.MonkeyPatch.context() as patch:
        medium.install(patch, has_syncfs=has_syncfs)
        return medium, stage.play()


def _some(every: Iterable[Each], instants: int | None, random: Random) -> Iterator[Each]:
    all_of_them = list(every)
    if instants is None or instants >= len(all_of_them):
        yield from all_of_them
    else:
        yield from random.sample(all_of_them, instants)
