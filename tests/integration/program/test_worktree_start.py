"""What was not committed when a session began is in its record, as far as it still shows."""

import re
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from tests.integration.hooks.workers import Workers
from tests.integration.program.live import LiveMachine
from tests.transcript_lines import answered, typed

pytestmark = pytest.mark.usefixtures("workers")

A = "0b8f6c1e-57a1-4c39-9d3e-2f6a1c7e9b04"
RUN = {"tool_name": "Bash", "tool_input": {"command": "./generate"}, "tool_use_id": "c1"}
LONGER_THAN_A_STEP_S = 0.03
NAMES = ("kept.txt", "table.txt", "gone.txt", "staged.txt")


@pytest.fixture
def machine(tmp_path: Path) -> LiveMachine:
    machine = LiveMachine.prepared(tmp_path)
    for name in NAMES:
        (machine.hooked.repository / name).write_text("first\nsecond\n")
    machine.git("add", *NAMES)
    machine.git("commit", "--quiet", "--message", "begin")
    return machine


def say(machine: LiveMachine, *lines: bytes) -> None:
    """Let the agent write lines as of now, from within the repository."""
    place = str(machine.hooked.repository).encode()
    stamp = f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%S.%f}"[:-3] + "Z"
    for line in lines:
        now = re.sub(rb"2026-11-01T10:\d\d:\d\d\.000Z", stamp.encode(), line)
        machine.write(A, now.replace(b"/home/dev/widgets", place))


def edit(machine: LiveMachine, name: str, before: str, old: str, new: str) -> None:
    """Let the agent replace a text in a file, as its transcript tells."""
    path = machine.hooked.repository / name
    given = {"file_path": str(path), "old_string": old, "new_string": new}
    block = {"type": "tool_use", "id": f"e-{name}", "name": "Edit", "input": given}
    say(machine, answered("", at=1, message=name, session=A, blocks=[block], uuid=f"a-{name}"))
    path.write_text(before.replace(old, new))
    told = {
        "filePath": str(path),
        "originalFile": before,
        "structuredPatch": [],
        "userModified": False,
    }
    result = [{"type": "tool_result", "tool_use_id": f"e-{name}", "content": "done"}]
    say(machine, typed(result, at=2, session=A, uuid=f"r-{name}", toolUseResult=told | given))


def begin(machine: LiveMachine) -> None:
    """Let the session start, and the person ask for something.

    What was written just before may have been written since, by a clock that goes in steps.
    """
    time.sleep(LONGER_THAN_A_STEP_S)
    machine.tell(A, "SessionStart")
    machine.tell(A, "UserPromptSubmit")
    say(machine, typed("Do it", at=0, session=A))


def end(machine: LiveMachine, workers: Workers) -> None:
    """Let the agent answer and stop."""
    say(machine, answered("Done", at=9, session=A))
    machine.tell(A, "Stop")
    workers.wait()


def start(machine: LiveMachine) -> dict[str, Any] | None:
    """Return what the record says of the start. None: nothing."""
    found: dict[str, Any] | None = machine.json("trace", "get", A)["metadata"].get(
        "worktree_at_start"
    )
    return found


def states(machine: LiveMachine) -> dict[str, str]:
    """Return the files that it names."""
    said = start(machine)
    assert said is not None
    return {each["path"]: each["state"] for each in said["files"]}


def test_what_differed_before_the_session_is_named(machine: LiveMachine, workers: Workers) -> None:
    folder = machine.hooked.repository
    (folder / "table.txt").write_text("first\ntyped\n")
    (folder / "gone.txt").unlink()
    (folder / "new.txt").write_text("new\n")
    (folder / "staged.txt").write_text("staged\n")
    machine.git("add", "staged.txt")
    begin(machine)
    end(machine, workers)

    said = start(machine)

    assert said is not None
    assert said["is_dirty"] is True
    assert said["is_whole"] is True
    assert said["files"] == [
        {"path": "gone.txt", "state": "deleted"},
        {"path": "new.txt", "state": "untracked"},
        {"path": "staged.txt", "state": "modified"},
        {"path": "table.txt", "state": "modified"},
    ]
    assert datetime.fromisoformat(said["observed"]).tzinfo is not None


def test_a_clean_worktree_is_said_to_be_clean(machine: LiveMachine, workers: Workers) -> None:
    (machine.hooked.repository / ".git/info/exclude").write_text("built\n")
    (machine.hooked.repository / "built").write_text("ignored\n")
    begin(machine)
    end(machine, workers)

    said = start(machine)

    assert said is not None
    assert (said["is_dirty"], said["files"], said["is_whole"]) == (False, [], True)


def test_an_edit_tells_what_its_file_held_before(machine: LiveMachine, workers: Workers) -> None:
    (machine.hooked.repository / "table.txt").write_text("first\ntyped\n")
    begin(machine)
    edit(machine, "table.txt", "first\ntyped\n", "typed", "edited")
    edit(machine, "kept.txt", "first\nsecond\n", "second", "edited")
    end(machine, workers)

    said = start(machine)

    assert said is not None
    assert said["files"] == [{"path": "table.txt", "state": "modified"}]
    assert said["is_whole"] is True


def test_what_something_else_wrote_since_is_not_known(
    machine: LiveMachine, workers: Workers
) -> None:
    begin(machine)
    (machine.hooked.repository / "table.txt").write_text("first\ngenerated\n")
    machine.tell(A, "PostToolUse", **RUN, tool_response={"stdout": ""})
    end(machine, workers)

    said = start(machine)

    assert said is not None
    assert (said["is_dirty"], said["files"], said["is_whole"]) == (None, [], False)


def test_what_was_committed_meanwhile_was_not_before(
    machine: LiveMachine, workers: Workers
) -> None:
    (machine.hooked.repository / "table.txt").write_text("first\ntyped\n")
    (machine.hooked.repository / "new.txt").write_text("new\n")
    begin(machine)
    machine.git("add", "--all")
    machine.git("commit", "--quiet", "--message", "all")
    end(machine, workers)

    assert states(machine) == {"new.txt": "untracked", "table.txt": "modified"}


def test_it_is_said_once_and_stays(machine: LiveMachine, workers: Workers) -> None:
    (machine.hooked.repository / "new.txt").write_text("new\n")
    begin(machine)
    end(machine, workers)
    before = start(machine)
    machine.git("add", "--all")
    machine.git("commit", "--quiet", "--message", "all")
    machine.tell(A, "UserPromptSubmit")
    say(machine, typed("More", at=10, session=A), answered("More", at=11, session=A))
    machine.tell(A, "SessionEnd")
    workers.wait()
    assert start(machine) == before

    code, _, errors = machine.run("bucket", "repair", "--reproject")

    assert code == 0, errors
    assert start(machine) == before


def test_a_session_that_had_gone_on_before_says_nothing(
    machine: LiveMachine, workers: Workers
) -> None:
    (machine.hooked.repository / "new.txt").write_text("new\n")
    say(machine, typed("Do it", at=0, session=A), answered("Half of it", at=1, session=A))
    begin(machine)
    end(machine, workers)

    assert start(machine) is None


def test_an_imported_session_says_nothing(machine: LiveMachine) -> None:
    (machine.hooked.repository / "new.txt").write_text("new\n")
    say(machine, typed("Do it", at=0, session=A), answered("Done", at=1, session=A))

    code, _, errors = machine.run("import", "--all")

    assert code == 0, errors
    assert start(machine) is None
