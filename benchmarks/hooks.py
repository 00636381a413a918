"""What a hook costs the agent that waits for it: about a bare interpreter, in any repository."""

import json
import shutil
import subprocess
import venv
from collections.abc import Iterator
from contextlib import chdir
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from statistics import median
from time import sleep

import opentraces
from benchmarks.processes import run
from benchmarks.table import Row, at_most, compared
from opentraces.adapters.hooks_file.command import Command

_BOUND = 1.6
_SMALL, _LARGE = 17, 8_000
_TIMES = 15
"""Runs of each kind for one round: each takes a hundredth of a second."""

_WORKER_S = 0.1
"""What a worker that ends at once is given to do so, or it would disturb what comes next."""

_SESSION = "5e0c6d4a-0f7b-4b53-9a51-7d1d7a9f2c11"
_SCRIPTS = Path(opentraces.__path__[0], "entrypoints", "hooks")


@dataclass(frozen=True)
class _Hook:
    """The hook of one agent."""

    agent: str
    folder: str
    script: str
    end: bytes
    """What the agent writes behind an event."""


_CLAUDE = _Hook("claude-code", ".claude", "claude_code.py", b"\n")
_CODEX = _Hook("codex-cli", ".codex", "codex_cli.py", b"")

_Kind = tuple[_Hook, bytes, Path]
"""A hook, what it is told, and the folder it runs in."""


@dataclass(frozen=True)
class _Machine:
    """A user's machine where the hooks were set up, with an interpreter that has no package."""

    folder: Path

    @property
    def store(self) -> Path:
        return self.folder / "home" / ".opentraces"

    @property
    def python(self) -> str:
        return str(self.folder / "venv" / "bin" / "python")

    def script(self, hook: _Hook) -> Path:
        return self.folder / "home" / hook.folder / "hooks" / "opentraces" / hook.script

    def repository(self, files: int) -> Path:
        return self.folder / f"repository-{files}"

    def bare_ms(self) -> float:
        """Run the floor: this interpreter, doing nothing."""
        command = (self.python, "-I", "-S", "-c", "pass")
        return run(command, self._environment(self.folder)).wall_ms

    def hook_ms(self, hook: _Hook, said: bytes, project: Path) -> float:
        """Run a hook as its agent does: a line for a shell, its event waiting in a pipe."""
        line = Command(self.python, str(self.script(hook)), str(self.store)).line()
        command = ("/bin/sh", "-c", line)
        with chdir(project):
            return run(command, self._environment(project), stdin=said + hook.end).wall_ms

    def _environment(self, project: Path) -> dict[str, str]:
        return {
            "PATH": "/usr/local/bin:/usr/bin:/bin",
            "LANG": "C.UTF-8",
            "HOME": str(self.folder / "home"),
            "CLAUDE_PROJECT_DIR": str(project),
        }


def rows(cache: Path, rounds: int) -> Iterator[Row]:
    """Yield what each kind of event costs by a bare interpreter, and a large repository by a small.

    The worker that a closing event starts ends at once: its interpreter has no opentraces.
    """
    machine = _prepared(cache / "hooks")
    kinds = _kinds(machine, _CLAUDE) | _kinds(machine, _CODEX)
    floor, times = _measure(machine, kinds, _TIMES * rounds)
    for figure, measured in times.items():
        yield at_most(figure, "ms", measured, floor, _BOUND)
    for hook in (_CLAUDE, _CODEX):
        small, large = (times[_figure(hook, "small", files)] for files in (_SMALL, _LARGE))
        yield compared(f"hook of {hook.agent}, {_LARGE:,} files by {_SMALL}", "ms", large, small)


def _kinds(machine: _Machine, hook: _Hook) -> dict[str, _Kind]:
    """Return what is run of one hook, by figure."""
    events = {
        "small": event("UserPromptSubmit"),
        "100 kB": event("PostToolUse", 100_000),
        "closing": event("Stop"),
    }
    kinds = {
        _figure(hook, name, files): (hook, said, machine.repository(files))
        for (name, said), files in product(events.items(), (_SMALL, _LARGE))
    }
    return kinds | {f"hook of {hook.agent}, not enrolled": (hook, events["small"], machine.folder)}


def _figure(hook: _Hook, name: str, files: int) -> str:
    return f"hook of {hook.agent}, {name} event, {files:,} files"


def closing_ms(cache: Path, rounds: int) -> float:
    """Return what the end of a session of Claude Code costs: the median of `rounds` runs."""
    machine = _prepared(cache / "hooks")
    closing = event("SessionEnd")
    place = machine.repository(_SMALL)
    return median(machine.hook_ms(_CLAUDE, closing, place) for _ in range(rounds))


def _measure(
    machine: _Machine, kinds: dict[str, _Kind], times: int
) -> tuple[float, dict[str, float]]:
    """Run the floor and each kind in turn; return their medians in ms."""
    floors, found = list[float](), {figure: list[float]() for figure in kinds}
    for _ in range(times):
        floors.append(machine.bare_ms())
        for figure, (hook, said, project) in kinds.items():
            found[figure].append(machine.hook_ms(hook, said, project))
            if "closing" in figure:
                sleep(_WORKER_S)
    return median(floors), {figure: median(some) for figure, some in found.items()}


def event(name: str, size: int = 100) -> bytes:
    """Return an event as an agent hands it over, with a text of `size` characters."""
    said = {"session_id": _SESSION, "cwd": "/home/dev", "hook_event_name": name}
    return json.dumps(said | {"prompt": "x" * size}, separators=(",", ":")).encode()


def _prepared(folder: Path) -> _Machine:
    """Set the hooks up as `opentraces setup` does, and enrol a small and a large repository."""
    machine = _Machine(folder)
    if not folder.exists():
        venv.create(folder / "venv", symlinks=True)
        for files in (_SMALL, _LARGE):
            _make_repository(machine.repository(files), files)
    shutil.rmtree(folder / "home", ignore_errors=True)
    places = [machine.repository(files).resolve() for files in (_SMALL, _LARGE)]
    for place in places:
        shutil.rmtree(place / ".opentraces", ignore_errors=True)
    for hook in (_CLAUDE, _CODEX):
        machine.script(hook).parent.mkdir(parents=True)
        shutil.copyfile(_SCRIPTS / hook.script, machine.script(hook))
        enrolled = machine.store / "state" / "enrolled" / hook.agent
        enrolled.parent.mkdir(parents=True, exist_ok=True)
        enrolled.write_text("".join(f"{place}\n" for place in places))
    return machine


def _make_repository(folder: Path, files: int) -> None:
    for number in range(files):
        file = folder / f"package_{number % 40}" / f"module_{number}.py"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(f"NUMBER = {number}\n")
    git = ("git", "-C", str(folder), "-c", "user.name=Dev", "-c", "user.email=dev@example.com")
    for command in (["init", "-q"], ["add", "--all"], ["commit", "-q", "-m", "Begin"]):
        subprocess.run([*git, *command], check=True)
