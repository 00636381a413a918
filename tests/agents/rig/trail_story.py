"""A session that edits and commits, as each agent is told to do it."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path

from tests.agents.rig import codex_script as codex
from tests.agents.rig.script import Answer, Call, Lane, Text, answer
from tests.agents.rig.story import bash

WORK, HELPER = "potoroowork", "potoroohelper"
"""The prompts of the session, and of the sub-agent that it starts."""

RATES, NOTES, LIMITS, DRAFT, ZONES = "rates.py", "notes.md", "limits.txt", "draft.txt", "zones.py"

_ZONES = [f"ZONE_{number} = {number}" for number in range(800)]
"""So many that the client's own lines do not repeat them when they are edited."""

FILES = {
    RATES: "# Rates of the zoo\nwombat_rate = 1\nkoala_rate = 2\npossum_rate = 3\nquoll_rate = 4\n",
    LIMITS: "wombat_limit = 10\n",
    DRAFT: "It was begun by a person.\n",
    ZONES: "".join(f"{line}\n" for line in _ZONES),
}

_OLD, _NEW = "koala_rate = 2", ("koala_rate = 20", "numbat_rate = 21")
_OLD_ZONE, _NEW_ZONE = "ZONE_7 = 7", "ZONE_7 = 'seven, by the helper'"
_NOTE = ("# Notes on rates", "", "Koalas were counted again.")

_SCRIPT = "; ".join(
    (
        f"echo 'script_rate = 99' >> {RATES}",
        f"echo 'script_limit = 99' >> {LIMITS}",
        f"echo 'It goes on by a script.' >> {DRAFT}",
    )
)
"""Changes files through the shell; one of them is not committed by the agent."""

SUBJECT = "Count koalas again"
_COMMIT = f"git add {RATES} {NOTES} {LIMITS} {ZONES} && git commit -q -m '{SUBJECT}'"

EDIT, WRITE, HELP = "edit", "write", "help"
"""Which call of the session wrote a line, or that the sub-agent did."""

BEFORE, SCRIPT, PERSON, ELSE = "before", "script", "person", "else"
"""Who wrote a line that nobody is to be named for."""

Files = Mapping[str, Sequence[tuple[str, str]]]
"""The lines of each file, each with who wrote it."""

LEFT: Files = {
    RATES: (
        ("# Rates of the zoo", BEFORE),
        ("wombat_rate = 1", BEFORE),
        ("koala_rate = 20", EDIT),
        ("numbat_rate = 21", EDIT),
        ("possum_rate = 3", BEFORE),
        ("quoll_rate = 4", BEFORE),
        ("script_rate = 99", SCRIPT),
    ),
    NOTES: tuple((line, WRITE) for line in _NOTE),
    LIMITS: (("wombat_limit = 10", BEFORE), ("script_limit = 99", SCRIPT)),
    DRAFT: (("It was begun by a person.", BEFORE), ("It goes on by a script.", SCRIPT)),
    ZONES: tuple((_NEW_ZONE, HELP) if line == _OLD_ZONE else (line, BEFORE) for line in _ZONES),
}
"""What the agent left; it committed all but the draft."""


def without_help(files: Files) -> Files:
    """Return the files as they are where there is no sub-agent."""
    return {**files, ZONES: tuple((line, BEFORE) for line in _ZONES)}


def with_line(files: Files, line: str, who: str, after: str) -> Files:
    """Return the files with a line more in the table; after "": it is the first."""
    held = list(files[RATES])
    at = [text for text, _ in held].index(after) + 1 if after else 0
    return {**files, RATES: (*held[:at], (line, who), *held[at:])}


def of_claude_code(repository: Path) -> list[Lane]:
    """Return what the model says to Claude Code."""
    rates, zoned = str(repository / RATES), str(repository / ZONES)
    edit = {"file_path": rates, "old_string": _OLD, "new_string": "\n".join(_NEW)}
    zone = {"file_path": zoned, "old_string": f"{_OLD_ZONE}\n", "new_string": f"{_NEW_ZONE}\n"}
    note = {"file_path": str(repository / NOTES), "content": _lines(_NOTE)}
    helper = {"description": "Help", "subagent_type": "general-purpose"}
    return [
        Lane(
            HELPER,
            (
                answer(Call("Read", {"file_path": zoned})),
                answer(Call("Edit", zone)),
                answer(Text("The zone has its name.")),
            ),
        ),
        Lane(
            WORK,
            (
                answer(Call("Read", {"file_path": rates})),
                answer(Call("Edit", edit), Call("Write", note)),
                answer(Call("Agent", {**helper, "prompt": f"{HELPER}: name the zone"})),
                answer(bash(_SCRIPT)),
                answer(bash(_COMMIT)),
                answer(Text(f"{WORK} was said.")),
            ),
        ),
    ]


def of_pi(repository: Path) -> list[Lane]:
    """Return what the model says to Pi."""
    edit = {"path": RATES, "edits": [{"oldText": _OLD, "newText": "\n".join(_NEW)}]}
    calls: Sequence[Answer] = (
        answer(Call("read", {"path": RATES})),
        answer(Call("edit", edit), Call("write", {"path": NOTES, "content": _lines(_NOTE)})),
        answer(Call("bash", {"command": _SCRIPT})),
        answer(Call("bash", {"command": _COMMIT})),
    )
    return [Lane(WORK, (*calls, answer(Text(f"{WORK} was said."))))]


def of_codex(repository: Path) -> list[codex.Lane]:
    """Return what the model says to Codex, one that calls its tools from scripts."""
    edit = _patch(f"*** Update File: {RATES}", "@@", f"-{_OLD}", *(f"+{line}" for line in _NEW))
    note = _patch(f"*** Add File: {NOTES}", *(f"+{line}" for line in _NOTE))
    zone = _patch(f"*** Update File: {ZONES}", "@@", f"-{_OLD_ZONE}", f"+{_NEW_ZONE}")
    asked = {"task_name": "namer", "message": f"{HELPER}: name the zone", "fork_turns": "none"}
    return [
        codex.Lane(
            WORK,
            (
                codex.answer(_scripted(edit, note)),
                codex.answer(codex.calls("spawn_agent", "collaboration", **asked)),
                codex.answer(codex.calls("wait_agent", "collaboration", timeout_ms=20_000)),
                codex.answer(_running(_SCRIPT)),
                codex.answer(_running(_COMMIT)),
                codex.answer(codex.says(f"{WORK} was said.")),
            ),
        ),
        codex.Lane(
            HELPER, (codex.answer(_scripted(zone)), codex.answer(codex.says("It has its name.")))
        ),
    ]


def _lines(lines: Sequence[str]) -> str:
    return "".join(f"{line}\n" for line in lines)


def _patch(*lines: str) -> str:
    return _lines(("*** Begin Patch", *lines, "*** End Patch"))


def _scripted(*patches: str) -> codex.Item:
    calls = (f"text(await tools.apply_patch({json.dumps(each)}));" for each in patches)
    return codex.writes("exec", "\n".join(calls))


def _running(command: str) -> codex.Item:
    script = f"const r = await tools.exec_command({{cmd: {json.dumps(command)}}}); text(r.output);"
    return codex.writes("exec", script)
