"""The real program on a damaged bucket: killed, and beside imports."""

import random
import shutil
import time
from dataclasses import dataclass, field
from pathlib import Path

from tests.integration.program.machine import Machine
from tests.integration.repairing.harm import flipped
from tests.integration.repairing.kept_home import Kept, KeptHome

_DATA = Path(__file__).parents[2] / "data" / "claude-code"


@dataclass
class DamagedMachine:
    """A machine on which sessions were kept, and something of every trace was damaged since."""

    machine: Machine
    kept: Kept
    wrong: list[str] = field(default_factory=list)

    @classmethod
    def made(cls, root: Path) -> "DamagedMachine":
        """Keep sessions with sub-agents, spilled outputs and hooks, and damage them."""
        machine = Machine(root / "whole", root / "claude")
        for name in ("edit_commit", "live", "subagent"):
            folder = _DATA / name / "projects"
            shutil.copytree(folder, machine.claude / "projects", dirs_exist_ok=True)
        shutil.copytree(_DATA / "live" / "spool", machine.home / "spool")
        machine.json("import", "--all")
        kept = KeptHome(machine.home).all_kept()
        damage(machine.bucket)
        return cls(machine, kept)

    def copy(self, root: Path) -> Machine:
        """Return another machine with the same damage."""
        copied = Machine(root, self.machine.claude)
        shutil.copytree(self.machine.home, copied.home)
        return copied

    def kill_repairs(self, rounds: int, seed: int, root: Path) -> list[str]:
        """Kill repairs at random instants, and run each again; returns what went wrong."""
        chance = random.Random(seed)
        began = time.monotonic()
        self._check(self.copy(root / "first"), 0)
        whole = time.monotonic() - began
        for number in range(1, rounds + 1):
            machine = self.copy(root / str(number))
            process = machine.start("bucket", "repair")
            time.sleep(chance.random() * whole / 2)
            process.kill()
            process.communicate()
            self._check(machine, number)
            shutil.rmtree(machine.root)
        return self.wrong

    def _check(self, machine: Machine, number: int) -> None:
        code, out, errors = machine.run("bucket", "repair", "--json")
        if code or errors:
            self.wrong.append(f"round {number} ended with {code}: {out!r} {errors!r}")
        home = KeptHome(machine.home)
        if home.problems() or home.all_kept() != self.kept:
            self.wrong.append(f"round {number}: {home.problems()}")


def damage(bucket: Path) -> None:
    """Damage a file of each trace, its blobs and the bucket's description."""
    kinds = ("steps*", "source-0.zst", "trace.json", "sources*")
    for number, folder in enumerate(sorted((bucket / "traces" / "v1").glob("*/*"))):
        for path in folder.glob(kinds[number % len(kinds)]):
            path.write_bytes(flipped(path.read_bytes(), 60))
    for path in [*(bucket / "blobs").rglob("*.zst"), bucket / "bucket.json"]:
        path.write_bytes(flipped(path.read_bytes(), 40))
