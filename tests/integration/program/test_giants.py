"""A line of 100 MB is kept, counted, given back, and never held in memory whole."""

import subprocess
import sys
from pathlib import Path

from tests.integration.program.machine import Machine
from tests.transcript_lines import answered, typed

SIZE = 100 * 1024 * 1024
MOST = 400 * 1024 * 1024

MEASURED = """
import resource, subprocess, sys
code = subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL).returncode
print(code, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * 1024)
"""


def test_line_of_a_hundred_megabytes_is_kept_in_bounded_memory(tmp_path: Path) -> None:
    folder = tmp_path / "claude" / "projects" / "-home-dev-widgets"
    folder.mkdir(parents=True)
    transcript = folder / "0a3c5f0e-1111-4111-8111-000000000001.jsonl"
    with transcript.open("wb") as file:
        file.write(typed("Before the giant", at=0))
        file.write(b'{"type":"user","uuid":"g","message":{"role":"user","content":"')
        for _ in range(SIZE // 1024 // 1024):
            file.write(b"zebra giraffe " * 74899 + b"ab")
        file.write(b'"}}\n')
        file.write(answered("After the giant", at=9))
    machine = Machine(tmp_path / "machine", tmp_path / "claude")
    machine.root.mkdir()

    command = [sys.executable, "-m", "opentraces", "import", "--all"]
    run = subprocess.run(
        [sys.executable, "-c", MEASURED, *command],
        env=machine.environment,
        cwd=machine.root,
        capture_output=True,
        check=True,
    )

    code, memory = map(int, run.stdout.split())
    assert code == 0
    assert memory < MOST
    assert machine.json("trace", "query", "after giant")["total"] == 1
    (trace,) = machine.trace_ids()
    assert machine.run("trace", "restore", trace, "--to", str(tmp_path / "back"))[0] == 0
    restored = tmp_path / "back" / transcript.relative_to(tmp_path / "claude")
    assert subprocess.run(["cmp", str(restored), str(transcript)], check=False).returncode == 0
