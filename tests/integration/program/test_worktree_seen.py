"""What commands changed while an agent worked is in its trace, and is nobody's line."""

import os
from pathlib import Path
from typing import Any

import pytest

from tests.integration.hooks.workers import Workers
from tests.integration.program.live import LiveMachine
from tests.transcript_lines import answered, typed

pytestmark = pytest.mark.usefixtures("workers")

A = "0b8f6c1e-57a1-4c39-9d3e-2f6a1c7e9b04"
RUN = {"tool_name": "Bash", "tool_input": {"command": "./generate"}, "tool_use_id": "c1"}


@pytest.fixture
def machine(tmp_path: Path) -> LiveMachine:
    machine = LiveMachine.prepared(tmp_path)
    (machine.hooked.repository / "table.txt").write_text("first\nsecond\n")
    machine.git("add", "table.txt")
    machine.git("commit", "--quiet", "--message", "begin")
    return machine


def commit(machine: LiveMachine, message: str = "change") -> None:
    """Let the agent run a command that commits all there is."""
    machine.git("add", "--all")
    machine.git("commit", "--quiet", "--message", message)
    given = {"command": f"git add --all && git commit -m {message}"}
    told = {"tool_name": "Bash", "tool_input": given, "tool_use_id": f"commit-{message}"}
    machine.tell(A, "PostToolUse", **told, tool_response={"stdout": ""})


def other(machine: LiveMachine, name: str) -> None:
    """Let another person commit a line to a branch of its own, in another clone."""
    theirs = machine.root / "theirs"
    machine.git("clone", "--quiet", ".", str(theirs))
    for asked in (["checkout", "-q", "-b", name], ["commit", "-qam", name]):
        with (theirs / "table.txt").open("a") as file:
            file.write(f"{asked[0]} by another person\n")
        machine.git("-C", str(theirs), *asked)


def pull(machine: LiveMachine, *options: str) -> None:
    """Let the agent pull what another person committed, by a command."""
    machine.git("pull", "--quiet", *options, str(machine.root / "theirs"), "theirs")
    given = {"command": "git commit --allow-empty -m x; git pull"}
    told = {"tool_name": "Bash", "tool_input": given, "tool_use_id": "pull"}
    machine.tell(A, "PostToolUse", **told, tool_response={"stdout": ""})


def say(machine: LiveMachine, *lines: bytes) -> None:
    """Let the agent write lines, from within the repository."""
    place = str(machine.hooked.repository).encode()
    machine.write(A, *(line.replace(b"/home/dev/widgets", place) for line in lines))


def patches(machine: LiveMachine) -> list[dict[str, Any]]:
    """Return the patches of the record."""
    found: list[dict[str, Any]] = machine.json("trace", "get", A)["patches"]
    return found


def test_a_file_that_a_command_changed_is_a_patch_of_no_step(
    machine: LiveMachine, workers: Workers
) -> None:
    say(machine, typed("Generate the table", at=0, session=A))
    machine.tell(A, "UserPromptSubmit")
    (machine.hooked.repository / "table.txt").write_text("first\ngenerated\n")
    machine.tell(A, "PostToolUse", **RUN, tool_response={"stdout": ""})
    say(machine, answered("It is generated", at=9, session=A))
    machine.tell(A, "Stop")
    workers.wait()

    [patch] = patches(machine)

    assert patch["file_path"] == "table.txt"
    assert patch["step_index"] is None
    assert patch["tool_call_id"] is None
    assert patch["capture_method"] == ["worktree"]
    assert patch["limitations"] == ["shell_made"]


def test_without_a_command_git_is_not_asked(machine: LiveMachine, workers: Workers) -> None:
    say(machine, typed("What is this?", at=0, session=A))
    machine.tell(A, "UserPromptSubmit")
    (machine.hooked.repository / "table.txt").write_text("typed by a person\n")
    say(machine, answered("A table", at=9, session=A))
    machine.tell(A, "Stop")
    workers.wait()

    assert patches(machine) == []


def test_what_was_changed_before_the_events_is_not_theirs(
    machine: LiveMachine, workers: Workers
) -> None:
    table = machine.hooked.repository / "table.txt"
    table.write_text("typed by a person\n")
    os.utime(table, (1_000_000_000, 1_000_000_000))
    say(machine, typed("Look", at=0, session=A), answered("I did", at=9, session=A))
    machine.tell(A, "PostToolUse", **RUN, tool_response={"stdout": ""})
    machine.tell(A, "Stop")
    workers.wait()

    assert patches(machine) == []


def edit(machine: LiveMachine, before: str, old: str, new: str, call: str = "e1") -> None:
    """Let the agent replace a text in the table, as its transcript tells."""
    path = machine.hooked.repository / "table.txt"
    given = {"file_path": str(path), "old_string": old, "new_string": new}
    block = {"type": "tool_use", "id": call, "name": "Edit", "input": given}
    say(machine, answered("", at=1, message=call, session=A, blocks=[block], uuid=call))
    path.write_text(before.replace(old, new))
    told = {"filePath": str(path), "originalFile": before, "userModified": False}
    result = [{"type": "tool_result", "tool_use_id": call, "content": "done"}]
    more = {"toolUseResult": told | given | {"structuredPatch": []}}
    say(machine, typed(result, at=2, session=A, uuid=f"r-{call}", **more))


def test_what_an_edit_left_is_not_a_commands(machine: LiveMachine, workers: Workers) -> None:
    say(machine, typed("Edit it", at=0, session=A))
    edit(machine, "first\nsecond\n", "second", "edited")
    machine.tell(A, "PostToolUse", **RUN, tool_response={"stdout": ""})
    machine.tell(A, "Stop")
    workers.wait()

    [patch] = patches(machine)

    assert patch["tool_call_id"] == "e1"


def test_what_was_told_once_is_not_told_at_the_next_stop(
    machine: LiveMachine, workers: Workers
) -> None:
    say(machine, typed("Generate the table", at=0, session=A))
    machine.tell(A, "UserPromptSubmit")
    (machine.hooked.repository / "table.txt").write_text("first\ngenerated\n")
    machine.tell(A, "PostToolUse", **RUN, tool_response={"stdout": ""})
    machine.tell(A, "Stop")
    workers.wait()
    say(machine, answered("It is generated", at=9, session=A))
    machine.tell(A, "SessionEnd")
    workers.wait()

    assert [patch["file_path"] for patch in patches(machine)] == ["table.txt"]


def test_a_repository_that_git_cannot_read_is_named_in_the_log(
    machine: LiveMachine, workers: Workers
) -> None:
    (machine.hooked.repository / ".git/config").write_text("[core\n")
    say(machine, typed("Generate the table", at=0, session=A))
    machine.tell(A, "PostToolUse", **RUN, tool_response={"stdout": ""})
    machine.tell(A, "Stop")
    workers.wait()

    assert "kept " in machine.log
    assert "git was not asked: " in machine.log
    assert str(machine.hooked.repository) in machine.log


def test_a_file_that_a_command_changed_and_committed_is_a_patch_of_no_step(
    machine: LiveMachine, workers: Workers
) -> None:
    say(machine, typed("Generate the table", at=0, session=A))
    machine.tell(A, "UserPromptSubmit")
    (machine.hooked.repository / "table.txt").write_text("first\ngenerated\n")
    commit(machine)
    machine.tell(A, "Stop")
    workers.wait()

    [patch] = patches(machine)

    assert patch["file_path"] == "table.txt"
    assert patch["step_index"] is None
    assert patch["capture_method"] == ["worktree"]
    assert patch["limitations"] == ["shell_made"]
    [shown] = machine.json("trail", "show", A)["patches"]
    assert (shown["added"], shown["removed"]) == (1, 1)
    table = machine.json("trail", "blame", str(machine.hooked.repository / "table.txt"))
    assert [line.get("trace_id") for line in table["lines"]] == [None, None]


def test_what_an_edit_left_and_a_command_committed_is_the_edits(
    machine: LiveMachine, workers: Workers
) -> None:
    say(machine, typed("Edit it", at=0, session=A))
    machine.tell(A, "UserPromptSubmit")
    edit(machine, "first\nsecond\n", "second", "edited by the agent")
    commit(machine, "one")
    edit(machine, "first\nedited by the agent\n", "first", "edited once more", "e2")
    commit(machine, "two")
    machine.tell(A, "Stop")
    workers.wait()

    assert [patch["tool_call_id"] for patch in patches(machine)] == ["e1", "e2"]


def test_a_file_that_is_committed_and_changed_again_has_one_patch(
    machine: LiveMachine, workers: Workers
) -> None:
    say(machine, typed("Generate the table", at=0, session=A))
    machine.tell(A, "UserPromptSubmit")
    table = machine.hooked.repository / "table.txt"
    table.write_text("first\ngenerated\n")
    commit(machine)
    table.write_text("first\ngenerated\nand again\n")
    machine.tell(A, "Stop")
    workers.wait()
    say(machine, answered("It is generated", at=9, session=A))
    machine.tell(A, "SessionEnd")
    workers.wait()

    [patch] = patches(machine)

    assert patch["file_path"] == "table.txt"
    [shown] = machine.json("trail", "show", A)["patches"]
    assert (shown["added"], shown["removed"]) == (2, 1)


def test_what_a_person_had_changed_before_and_a_command_committed_is_not_told(
    machine: LiveMachine, workers: Workers
) -> None:
    (machine.hooked.repository / "table.txt").write_text("typed by a person\n")
    say(machine, typed("Commit it", at=0, session=A))
    machine.tell(A, "UserPromptSubmit")
    commit(machine)
    machine.tell(A, "Stop")
    workers.wait()

    assert patches(machine) == []


@pytest.mark.parametrize("options", [(), ("--no-rebase", "--no-ff"), ("--rebase",)])
def test_what_another_person_committed_is_not_told(
    machine: LiveMachine, workers: Workers, options: tuple[str, ...]
) -> None:
    other(machine, "theirs")
    say(machine, typed("Pull it", at=0, session=A))
    machine.tell(A, "UserPromptSubmit")
    pull(machine, *options)
    machine.tell(A, "Stop")
    workers.wait()

    assert "another person" in (machine.hooked.repository / "table.txt").read_text()
    assert patches(machine) == []


def test_without_a_command_that_commits_no_commit_is_asked_for(
    machine: LiveMachine, workers: Workers
) -> None:
    say(machine, typed("Generate the table", at=0, session=A))
    machine.tell(A, "UserPromptSubmit")
    (machine.hooked.repository / "table.txt").write_text("first\ngenerated\n")
    machine.git("commit", "--quiet", "--all", "--message", "by a person")
    machine.tell(A, "PostToolUse", **RUN, tool_response={"stdout": ""})
    machine.tell(A, "Stop")
    workers.wait()

    assert patches(machine) == []
