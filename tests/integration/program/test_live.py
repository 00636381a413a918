"""From an agent's event to a trace that is found: real hooks, real workers, no command typed."""

import os
import re
import signal
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from opentraces.domain.errors import Busy
from opentraces.domain.ids import SessionId
from tests.integration.adapters.filesystem.on_disk import writer_of
from tests.integration.hooks.workers import Workers, make_python
from tests.integration.program.live import LiveMachine
from tests.transcript_lines import answered, typed

pytestmark = pytest.mark.usefixtures("workers")

A = "0b8f6c1e-57a1-4c39-9d3e-2f6a1c7e9b04"
B = "f2d5f0f4-6d27-4a4e-8f0a-5d1a3e6f7b21"


@pytest.fixture
def machine(tmp_path: Path) -> LiveMachine:
    return LiveMachine.prepared(tmp_path)


def calling(session: str, name: str, at: int) -> bytes:
    """Return an answer that runs a command."""
    block = {"type": "tool_use", "id": name, "name": "Bash", "input": {"command": name}}
    return answered("Let me see", at=at, message=name, session=session, blocks=[block], uuid=name)


def test_session_that_stopped_is_found_with_no_command_typed(
    machine: LiveMachine, workers: Workers
) -> None:
    machine.write(A, typed("Mend the wombat table", at=0, session=A), calling(A, "c1", 3))
    machine.tell(A, "UserPromptSubmit")
    machine.tell(A, "PermissionRequest", tool_name="Bash", tool_input={"command": "c1"})
    response = {"stdout": "y" * 40_000, "stderr": ""}
    machine.tell(A, "PostToolUse", tool_use_id="c1", duration_ms=88, tool_response=response)
    assert workers.running() == []
    machine.write(A, answered("The narwhal is mended", at=9, session=A))
    machine.tell(A, "Stop")

    assert workers.wait() == 1

    assert machine.spool.waiting() == ()
    assert machine.json("trace", "query", "wombat")["total"] == 1
    assert machine.json("trace", "query", "narwhal")["total"] == 1
    assert machine.trace_ids() == [machine.trace(A)]
    record = machine.json("trace", "get", A)
    assert [step["content"] for step in record["steps"]][::2] == [
        "Mend the wombat table",
        "The narwhal is mended",
    ]
    assert record["steps"][1]["tool_calls"][0]["duration_ms"] == 88
    asked = record["metadata"]["hooks"]["permissions"]
    assert [(row["tool_call_id"], row["decision"]) for row in asked] == [("c1", "requested")]
    assert machine.json("trace", "get", f"{A}:2")["tool_responses"] == {"c1": response}


def test_log_says_what_a_worker_did(machine: LiveMachine, workers: Workers) -> None:
    machine.write(A, typed("Mend it", at=0, session=A))
    machine.tell(A, "PostCompact")
    machine.tell(A, "Stop")
    workers.wait()
    machine.tell(B, "SessionEnd")
    workers.wait()

    first, second = machine.log.splitlines()

    form = r"20\d\d-\d\d-\d\d \d\d:\d\d:\d\d  claude-code  {}  {}: {}  \(\d+\.\d\d s\)"
    assert re.fullmatch(form.format(A[:8], "PostCompact, Stop", r"kept \d.*B"), first)
    assert re.fullmatch(form.format(B[:8], "SessionEnd", "no trace: .+"), second)


def test_session_is_kept_as_it_grows(machine: LiveMachine, workers: Workers) -> None:
    for number in range(3):
        machine.write(A, typed(f"Ask {number}", at=number, session=A))
        machine.tell(A, "Stop", number=number)
        workers.wait()

    whole = LiveMachine.prepared(machine.root / "whole")
    whole.write(A, machine.transcript(A).read_bytes())
    assert whole.json("import", "--all")["kept"] == 1
    kept, expected = (each.json("trace", "get", A) for each in (machine, whole))
    assert kept["steps"] == expected["steps"]
    assert [said["number"] for said in machine.kept_events(A)] == [0, 1, 2]


def test_transcript_is_read_and_never_written(machine: LiveMachine, workers: Workers) -> None:
    machine.write(A, typed("Mend it", at=0, session=A))
    path = machine.transcript(A)
    path.chmod(0o400)
    before = (path.read_bytes(), path.stat().st_mtime_ns, path.stat().st_ctime_ns)

    machine.tell(A, "SessionEnd")
    workers.wait()

    assert (path.read_bytes(), path.stat().st_mtime_ns, path.stat().st_ctime_ns) == before
    assert [path.name] == [each.name for each in path.parent.iterdir()]


def test_worker_that_was_killed_leaves_its_events_to_that_of_the_next_one(
    machine: LiveMachine, workers: Workers
) -> None:
    machine.write(A, typed("Mend the wombat", at=0, session=A))
    with writer_of(machine.home).batch() as batch:
        batch.edit(machine.trace(A), wait=True)  # the worker waits for it, within its work
        machine.tell(A, "Stop", number=1)
        wait_until(lambda: is_leased(machine, A))
        [worker] = workers.running()
        os.kill(worker, signal.SIGKILL)
        workers.wait()
    assert [each.session for each in machine.spool.waiting()] == [A]

    machine.write(B, typed("Mend the narwhal", at=0, session=B))
    machine.tell(B, "Stop", number=2)
    workers.wait()

    assert machine.spool.waiting() == ()
    assert machine.json("trace", "query", "wombat")["total"] == 1
    assert [said["number"] for said in machine.kept_events(A)] == [1]
    assert [said["number"] for said in machine.kept_events(B)] == [2]


def test_command_has_that_taken_up_which_a_crash_left(
    machine: LiveMachine, workers: Workers
) -> None:
    machine.write(A, typed("Mend the wombat", at=0, session=A))
    machine.tell(A, "PostCompact")
    [waiting] = machine.spool.waiting()
    os.utime(waiting.location, (0, 0))

    machine.json("trace", "query", "anything")
    assert workers.wait() == 1

    assert machine.spool.waiting() == ()
    assert machine.json("trace", "query", "wombat")["total"] == 1


def test_worker_without_a_package_leaves_events_and_says_why(
    machine: LiveMachine, workers: Workers, tmp_path: Path
) -> None:
    python = make_python(tmp_path / "python", with_package=False)
    machine.write(A, typed("Mend the wombat", at=0, session=A))

    replace(machine, python=python).tell(A, "Stop", number=1)

    assert workers.wait() == 1
    assert "No module named opentraces" in machine.log
    assert [each.session for each in machine.spool.waiting()] == [A]
    machine.tell(A, "Stop", number=2)
    workers.wait()
    assert [said["number"] for said in machine.kept_events(A)] == [1, 2]


def test_events_of_one_session_make_no_crowd_of_workers(
    machine: LiveMachine, workers: Workers
) -> None:
    machine.write(A, typed("Mend it", at=0, session=A))
    with writer_of(machine.home).batch() as batch:
        batch.edit(machine.trace(A), wait=True)
        machine.tell(A, "Stop", number=0)
        wait_until(lambda: is_leased(machine, A))
        [first] = workers.running()
        for number in range(1, 5):
            machine.tell(A, "Stop", number=number)
        wait_until(lambda: ended_but(first, workers))
    workers.wait()

    assert machine.spool.waiting() == ()
    assert [said["number"] for said in machine.kept_events(A)] == [0, 1, 2, 3, 4]


def wait_until(is_so: Callable[[], bool]) -> None:
    for _ in range(30_000):
        if is_so():
            return
        time.sleep(0.01)
    pytest.fail("it never came to that")


def is_leased(machine: LiveMachine, session: str) -> bool:
    try:
        with machine.spool.lease(SessionId(session)):
            return False
    except Busy:
        return True


def ended_but(first: int, workers: Workers) -> bool:
    """Whether all workers but one have ended."""
    others = [pid for pid in workers.running() if pid != first]
    states = [Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] for pid in others]
    return states == ["Z"] * 4
