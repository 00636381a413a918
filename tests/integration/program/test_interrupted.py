"""Ctrl-C during an import, at instants that are counted and not timed."""

import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.integration.program import interrupting
from tests.integration.program.machine import Machine

ROOT = Path(__file__).parents[3]
INSTANTS = 12
SERIALIZING = "Frozen.__eq__"
"""Called by a serializer in Rust, which makes an error of its own of an interruption."""


def heed_interruptions() -> None:
    """A shell lets what it starts in the background ignore them, and all below it."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def pressed(machine: Machine, at: int | str, *started: str) -> tuple[int, list[str]]:
    """Import everything, interrupted: the exit code, and what was said, line by line."""
    machine.root.mkdir(parents=True, exist_ok=True)
    run = subprocess.run(
        [*started, sys.executable, interrupting.__file__, str(at), "import", "--all"],
        env={**machine.environment, "PYTHONPATH": str(ROOT)},
        cwd=machine.root,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
        preexec_fn=heed_interruptions,
    )
    return run.returncode, run.stderr.split("\n")


@pytest.fixture(scope="module")
def calls(corpus: Path, tmp_path_factory: pytest.TempPathFactory) -> int:
    """How many calls an import makes that nobody interrupts."""
    code, said = pressed(Machine(tmp_path_factory.mktemp("whole"), corpus), 0)
    assert code == 0
    return int(said[-2])


def test_interruption_within_a_library_is_told_as_one(machine: Machine) -> None:
    code, said = pressed(machine, SERIALIZING)

    assert code == 130
    assert "opentraces: interrupted" in said
    assert not [line for line in said if "Error" in line or "Traceback" in line]


def test_interrupted_anywhere_it_says_so_and_the_next_import_makes_it_whole(
    calls: int, machine: Machine, imported: Machine
) -> None:
    for number in range(INSTANTS):
        at = calls * (2 * number + 1) // (2 * INSTANTS)
        code, said = pressed(machine, at)

        assert code in (0, 130), (at, said)
        assert not [line for line in said if "Traceback" in line], (at, said)

    assert machine.json("bucket", "verify", "--deep")["ok"]
    machine.json("import", "--all")
    assert machine.records() == imported.records()


def test_import_that_was_started_to_ignore_it_goes_on(machine: Machine) -> None:
    code, _ = pressed(machine, SERIALIZING, "sh", "-c", "trap '' INT; exec \"$@\"", "sh")

    assert code == 0
    assert machine.json("bucket", "verify")["ok"]


DROPPED = """
import signal, time, weakref
from opentraces.entrypoints.cli.interruption import Interruption

class Held: pass

interruption, held = Interruption(), Held()
interruption.watch()
watched = weakref.ref(held, lambda gone: signal.raise_signal(signal.SIGINT))
try:
    del held
    time.sleep(300)
except KeyboardInterrupt:
    print(interruption.came)
"""


def test_interruption_that_python_has_to_drop_comes_again(machine: Machine) -> None:
    run = subprocess.run(
        [sys.executable, "-c", DROPPED],
        env={**machine.environment, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=100,
        check=True,
    )

    assert (run.stdout, run.stderr) == ("True\n", "")
