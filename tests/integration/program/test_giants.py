"""Lines of 100 MB, and very many of 8 MB, are kept, given back, and never held in memory whole."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.integration.program.machine import Machine
from tests.transcript_lines import answered, typed

SIZE = 100 * 1024 * 1024
MOST = 400 * 1024 * 1024
SESSION = "0a3c5f0e-1111-4111-8111-000000000001"

MEASURED = """
import resource, subprocess, sys
code = subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL).returncode
print(code, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * 1024)
"""


def test_line_of_a_hundred_megabytes_is_kept_in_bounded_memory(tmp_path: Path) -> None:
    folder = tmp_path / "claude" / "projects" / "-home-dev-widgets"
    folder.mkdir(parents=True)
    transcript = folder / f"{SESSION}.jsonl"
    with transcript.open("wb") as file:
        file.write(typed("Before the giant", at=0))
        file.write(b'{"type":"user","uuid":"g","message":{"role":"user","content":"')
        for _ in range(SIZE // 1024 // 1024):
            file.write(b"zebra giraffe " * 74899 + b"ab")
        file.write(b'"}}\n')
        file.write(answered("After the giant", at=9))
    machine = Machine(tmp_path / "machine", tmp_path / "claude")

    code, memory = measured(machine, "import", "--all")

    assert code == 0
    assert memory < MOST
    assert machine.json("trace", "query", "after giant")["total"] == 1
    assert_restored(machine, transcript)


WORDS = "zebra giraffe " * 590_000
HALF = WORDS[: len(WORDS) // 2 - 100]


def message(number: int, **more: Any) -> bytes:
    """Return a line of the one message that never ends."""
    return answered(WORDS, at=1, message="one", uuid=f"u{number}", **more)


def call(number: int) -> bytes:
    """Return a call with more values in it than anybody reads."""
    block = {"type": "tool_use", "id": f"t{number}", "name": "Write", "input": {"a": "@"}}
    line = answered("x", at=1, message=f"m{number}", uuid=f"u{number}", blocks=[block])
    return line.replace(b'"@"', b"[" + b"{}," * 2_000_000 + b"1]")


Line = Callable[[int], bytes]
LINES: dict[str, tuple[Line, int]] = {
    "one answer": (message, 12),
    "names": (
        lambda n: typed("x", at=1, uuid=f"u{n}", gitBranch=f"{n}{HALF}", cwd=f"/{n}{HALF}"),
        12,
    ),
    "values": (call, 3),
}
"""What makes a line, and how many such lines are too many to be held."""


@pytest.mark.parametrize(("line", "count"), LINES.values(), ids=LINES)
def test_very_many_long_lines_are_kept_in_bounded_memory(
    tmp_path: Path, line: Line, count: int
) -> None:
    transcript = tmp_path / "claude" / "projects" / "-home-dev-widgets" / f"{SESSION}.jsonl"
    transcript.parent.mkdir(parents=True)
    with transcript.open("wb") as file:
        file.write(typed("Before the giants", at=0))
        for number in range(count):
            file.write(line(number))
        file.write(answered("After the giants", at=9))
    machine = Machine(tmp_path / "machine", tmp_path / "claude")

    imported = measured(machine, "import", "--all")
    found = measured(machine, "trace", "query", "after giants")
    looked = measured(machine, "bucket", "verify", "--deep")

    assert [code for code, _ in (imported, found, looked)] == [0, 0, 0]
    assert max(memory for _, memory in (imported, found, looked)) < MOST, (imported, found, looked)
    assert machine.json("trace", "query", "before giants")["total"] == 1
    assert_restored(machine, transcript)


def measured(machine: Machine, *arguments: str) -> tuple[int, int]:
    """Run a command; returns its exit code, and the most bytes that it held."""
    machine.root.mkdir(exist_ok=True)
    command = [sys.executable, "-m", "opentraces", *arguments]
    run = subprocess.run(
        [sys.executable, "-c", MEASURED, *command],
        env=machine.environment,
        cwd=machine.root,
        capture_output=True,
        check=True,
    )
    code, memory = map(int, run.stdout.split())
    return code, memory


def assert_restored(machine: Machine, transcript: Path) -> None:
    """Give a transcript back, and compare it with what the agent has."""
    back = machine.root / "back"
    (trace,) = machine.trace_ids()
    assert machine.run("trace", "restore", trace, "--to", str(back))[0] == 0
    restored = back / transcript.relative_to(machine.claude)
    assert subprocess.run(["cmp", str(restored), str(transcript)], check=False).returncode == 0
