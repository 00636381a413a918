"""Sessions in which the model is told of much, each in a home of its own."""

import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from signal import SIGINT, SIGTERM
from typing import Any
from uuid import uuid4

from tests.agents.rig.choosing import Chooser
from tests.agents.rig.claude_code import ClaudeCode
from tests.agents.rig.script import (
    COMPACTION,
    Answer,
    Call,
    Cut,
    Failure,
    Lane,
    Text,
    answer,
)
from tests.agents.rig.story import MAIN, bash, files, lanes
from tests.agents.rig.terminal import ENTER, ESCAPE, READY, Terminal

SUMMED = Lane(COMPACTION, (answer(Text("<summary>All was summed up.</summary>")),) * 3, True)
SAID = "Said"
"""How every answer without a call begins."""

_PIXEL = (
    "89504e470d0a1a0a0000000d4948445200000001000000010806000000"
    "1f15c4890000000d49444154789c6360f8cfc00000040101005b1d3a4f0000000049454e44ae426082"
)
_NOTEBOOK = {
    "cells": [
        {
            "cell_type": "code",
            "execution_count": 1,
            "id": "a",
            "metadata": {},
            "outputs": [{"name": "stdout", "output_type": "stream", "text": ["hi\n"]}],
            "source": ["print(1)"],
        }
    ],
    "metadata": {"language_info": {"name": "python"}},
    "nbformat": 4,
    "nbformat_minor": 5,
}
_CALC = "def add(a, b):\n    return a + b\n"
_UP = b"\x1b[A"
_CLEARS = b"\x15"
_DOUBLE_S = 0.3


@dataclass(frozen=True)
class Scenario:
    """What happens, and what the model says to it."""

    act: Callable[[ClaudeCode, Chooser], None]
    lanes: Callable[[Path], list[Lane]]
    files: Mapping[str, str] = field(default_factory=lambda: {"calc.py": _CALC})
    settings: Callable[[Path], dict[str, Any]] = lambda folder: {}
    """Of the client; `folder` is where its hooks may be."""


def said(number: int) -> tuple[Answer, ...]:
    """Return so many answers, each with words of its own."""
    return tuple(answer(Text(f"{SAID} {n}.")) for n in range(number))


def _work(client: ClaudeCode, api: Chooser) -> None:
    """Parallel calls, edits, sub-agents, a long output, a commit; resumed and forked."""
    session = client.prompt(f"{MAIN}: mend the table")
    client.prompt("And then?", "--resume", session)
    client.prompt("In a fork?", "--resume", session, "--fork-session")
    client.prompt("Go on.", "--resume", session)


def _reads(client: ClaudeCode, api: Chooser) -> None:
    """Pictures, notebooks, files and folders that are named in a prompt."""
    repository = client.repository
    (repository / "a.png").write_bytes(bytes.fromhex(_PIXEL))
    (repository / "n.ipynb").write_text(json.dumps(_NOTEBOOK))
    (repository / "inner").mkdir()
    (repository / "inner" / "one.txt").write_text("one\n")
    session = client.prompt("dodoreads: look")
    client.prompt("Look at @calc.py and @inner and @a.png", "--resume", session)


def _reads_lanes(repository: Path) -> list[Lane]:
    def read(name: str) -> Call:
        return Call("Read", {"file_path": str(repository / name)})

    both = answer(read("a.png"), read("n.ipynb"))
    return [Lane("dodoreads", (both, answer(read("calc.py"), read("none.py")), *said(2)))]


def _tasks(client: ClaudeCode, api: Chooser) -> None:
    """A reminder of tasks after many calls; compacted, and gone on."""
    session = client.prompt("emutasks: begin")
    assert client.run("/compact keep it", "--resume", session).code == 0
    client.prompt("emutasks: go on", "--resume", session)


def _tasks_lanes(repository: Path) -> list[Lane]:
    task = Call("TaskCreate", {"subject": "Count", "description": "All", "activeForm": "Counting"})
    calls = [answer(bash(f"echo {number}")) for number in range(9)]
    read = answer(Call("Read", {"file_path": str(repository / "calc.py")}))
    return [SUMMED, Lane("emutasks", (answer(task), *calls, read, *said(3)))]


def _skills(client: ClaudeCode, api: Chooser) -> None:
    """A skill that the model calls, and a skill and a command that are typed."""
    skill = client.repository / ".claude/skills/greet/SKILL.md"
    skill.parent.mkdir(parents=True)
    skill.write_text("---\nname: greet\ndescription: Greet somebody\n---\nGreet $ARGUMENTS.\n")
    command = client.repository / ".claude/commands/hey.md"
    command.parent.mkdir()
    command.write_text("---\ndescription: Call somebody\n---\nkiwihey: call $ARGUMENTS.\n")
    session = client.prompt("kiwiskills: begin")
    client.prompt("/greet Alice", "--resume", session)
    session = client.prompt("/hey Bob")
    client.prompt("And Eve?", "--resume", session)


def _skills_lanes(repository: Path) -> list[Lane]:
    skill = answer(Call("Skill", {"skill": "greet", "args": "Bob"}))
    return [
        Lane("kiwiskills", (skill, answer(bash("echo greeted")), *said(2))),
        Lane("kiwihey", (answer(bash("echo called")), *said(2))),
    ]


_TROUBLES: Mapping[str, tuple[Any, ...]] = {
    "loonbusy": (Failure(529, "overloaded_error"), *said(2)),
    "loonbad": (Failure(400, "invalid_request_error"), *said(1)),
    "looncut": (*[Cut(answer(Text("Never whole.")))] * 2, *said(1)),
    "loonlong": (Answer((Text("Said too much."),), "max_tokens"), *said(2)),
    "loonno": (Answer((Text("Said no."),), "refusal"), *said(1)),
}
_ENDED = {"loonint": SIGINT, "loonterm": SIGTERM}


def _fails(client: ClaudeCode, api: Chooser) -> None:
    """Errors of the service, refusals, cut answers, signals in a tool; each gone on after."""
    for word in _TROUBLES:
        client.run("And now?", "--resume", client.run(f"{word}: try").session)
    for word, number in _ENDED.items():
        session = str(uuid4())
        with client.started(f"{word}: try", "--session-id", session) as running:
            api.wait_for(word)
            _wait_for_call(client, session)
            running.send(number)
            running.wait()
        client.prompt("And now?", "--resume", session)


def _wait_for_call(client: ClaudeCode, session: str) -> None:
    limit = time.monotonic() + 30
    while time.monotonic() < limit:
        found = [path.read_bytes() for path in client.claude.glob(f"projects/*/{session}.jsonl")]
        if any(b'"tool_use"' in data for data in found):
            return
        time.sleep(0.05)
    raise AssertionError(f"{session} has no call in time")


def _fails_lanes(repository: Path) -> list[Lane]:
    waits = (answer(Text("I wait."), bash("sleep 60")), *said(2))
    troubles = [Lane(word, replies) for word, replies in _TROUBLES.items()]
    return [*troubles, *(Lane(word, waits) for word in _ENDED)]


def hooks(folder: Path) -> dict[str, Any]:
    """Return settings with hooks that add context, block, and end no turn at first."""
    wait = 'grep -q \'"stop_hook_active":true\' || { echo "Go on." >&2; exit 2; }'
    said = {
        "SessionStart": _adds("SessionStart", "It begins.\\nIn two lines."),
        "UserPromptSubmit": f"{_adds('UserPromptSubmit', 'It was asked.')}; true",
        "PreToolUse": "echo 'Not that.' >&2; exit 2",
        "PostToolUse": _adds("PostToolUse", "It was run."),
        "Stop": wait,
    }
    matched = {"PreToolUse": "Write", "PostToolUse": "Bash"}
    made: dict[str, Any] = {}
    for event, command in said.items():
        path = folder / f"{event}.sh"
        path.write_text(f"#!/bin/sh\n{command}\n")
        path.chmod(0o755)
        run = {"type": "command", "command": str(path), "timeout": 20}
        made[event] = [{"matcher": matched.get(event, "*"), "hooks": [run]}]
    plain = {"type": "command", "command": "echo plain words", "timeout": 20}
    made["UserPromptSubmit"].append({"hooks": [plain]})
    blocks = {"type": "command", "command": "echo 'Look again.' >&2; exit 2", "timeout": 20}
    made["PostToolUse"].append({"matcher": "Read", "hooks": [blocks]})
    return {"hooks": made}


def _adds(event: str, words: str) -> str:
    told = f'{{"hookEventName":"{event}","additionalContext":"{words}"}}'
    return f"printf '%s' '{{\"hookSpecificOutput\":{told}}}'"


def _hooked(client: ClaudeCode, api: Chooser) -> None:
    """Hooks that speak at every place; resumed."""
    session = client.prompt("puffinhooks: begin")
    client.prompt("Go on.", "--resume", session)


def _hooked_lanes(repository: Path) -> list[Lane]:
    read = Call("Read", {"file_path": str(repository / "calc.py")})
    write = Call("Write", {"file_path": str(repository / "x.py"), "content": "x"})
    return [
        Lane(
            "puffinhooks",
            (
                answer(bash("echo one"), bash("echo two")),
                answer(read, bash("echo three")),
                answer(write),
                answer(bash("echo four")),
                *said(6),
            ),
        )
    ]


def _typed(client: ClaudeCode, api: Chooser) -> None:
    """In a terminal: a call refused, a command, a file, gone back to an earlier prompt, compacted.

    The words of hooks move when a turn is over.
    """
    command = client.repository / ".claude/commands/hey.md"
    command.parent.mkdir(parents=True)
    command.write_text("---\ndescription: Call somebody\n---\nCall $ARGUMENTS.\n")
    with client.in_terminal() as terminal:
        terminal.wait_for(READY)
        _type(terminal, "robintypes: one", "Do you want to proceed?")
        terminal.press(b"1")
        terminal.wait_for(f"{SAID} 0.")
        _type(terminal, "robin two", "Do you want to proceed?")
        terminal.press(ESCAPE)
        terminal.wait_for("Interrupted")
        for number, typed in enumerate(("robin three @calc.py", "/hey Bob", "robin five"), 1):
            _type(terminal, typed, f"{SAID} {number}.")
        _go_back(terminal, ("robin five", "/hey Bob"))
        _type(terminal, "robin instead", f"{SAID} 4.")
        _type(terminal, "/compact", "Compacted")
        for number, typed in enumerate(("robintypes six", "robin seven"), 5):
            _type(terminal, typed, f"{SAID} {number}.")
        terminal.enter("/exit")
        assert terminal.wait() == 0


def _type(terminal: Terminal, text: str, shown: str) -> None:
    terminal.enter(text)
    terminal.wait_for(shown)


def _go_back(terminal: Terminal, prompts: tuple[str, ...]) -> None:
    """Go back to before the last of `prompts`, which are named from the end on."""
    terminal.press(ESCAPE)
    time.sleep(_DOUBLE_S)
    terminal.press(ESCAPE)
    terminal.wait_for("Enter to continue")
    for shown in prompts:
        terminal.press(_UP)
        terminal.wait_for(f"{READY} {shown}")
    terminal.press(ENTER)
    terminal.wait_for("Summarize from here")
    terminal.insist(ENTER, "? for shortcuts")
    terminal.press(_CLEARS)


def _typed_lanes(repository: Path) -> list[Lane]:
    first = answer(bash("touch allowed"), bash("echo second"))
    one, *others = said(8)
    return [SUMMED, Lane("robintypes", (first, one, answer(bash("touch rejected")), *others))]


def _queued(client: ClaudeCode, api: Chooser) -> None:
    """Something is typed while the model is at work."""
    allowed = ("--permission-mode", "acceptEdits", "--allowedTools", "Bash")
    with client.in_terminal(*allowed) as terminal:
        terminal.wait_for(READY)
        terminal.enter("swanqueue: one")
        api.wait_for("swanqueue")
        terminal.enter("and this, too")
        terminal.wait_for(f"{SAID} 0.")
        terminal.enter("swan next")
        terminal.wait_for(f"{SAID} 1.")
        terminal.enter("/exit")
        assert terminal.wait() == 0


def _queued_lanes(repository: Path) -> list[Lane]:
    return [Lane("swanqueue", (answer(bash("sleep 4; echo slept")), *said(3)))]


def _instructed(client: ClaudeCode, api: Chooser) -> None:
    """A project with instructions of its own."""
    client.prompt("ternknows: begin")


SCENARIOS: Mapping[str, Scenario] = {
    "work": Scenario(_work, lanes, files()),
    "reads": Scenario(_reads, _reads_lanes),
    "tasks": Scenario(_tasks, _tasks_lanes),
    "skills": Scenario(_skills, _skills_lanes),
    "fails": Scenario(_fails, _fails_lanes),
    "hooked": Scenario(_hooked, _hooked_lanes, settings=hooks),
    "typed": Scenario(
        _typed,
        _typed_lanes,
        settings=lambda folder: {"hooks": {"PostToolUse": hooks(folder)["hooks"]["PostToolUse"]}},
    ),
    "queued": Scenario(_queued, _queued_lanes),
    "instructed": Scenario(
        _instructed,
        lambda repository: [Lane("ternknows", (answer(bash("echo")), *said(2)))],
        {"CLAUDE.md": "Be brief.\n"},
    ),
}
"""All of them, by a short name."""
