"""A user's machine on which the hook is set up and one repository is enrolled."""

import fcntl
import json
import re
import shutil
import subprocess
import termios
from array import array
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from time import sleep
from typing import IO, Any, Self

import pytest

import opentraces
from opentraces.adapters.hooks_file.command import Command

SCRIPTS = Path(opentraces.__path__[0], "entrypoints", "hooks")
SESSION = "0b8f6c1e-57a1-4c39-9d3e-2f6a1c7e9b04"
BEGIN = b'{"opentraces":1,'


@dataclass(frozen=True)
class Ran:
    """How a hook ended, and what it said."""

    code: int
    """Negative: the signal that ended it."""

    out: bytes
    errors: bytes


LONGEST_S = 300
"""A hook that is at it still is stuck: however slow the machine, it is not the one it waits for."""

SILENT = Ran(0, b"", b"")
"""All that an agent may ever see of us."""


@dataclass(frozen=True)
class HookedMachine:
    """One user's machine; its hook is run as Claude Code does it."""

    root: Path
    python: Path
    """The interpreter that setup wrote into the agent's settings."""

    @property
    def home(self) -> Path:
        return self.root / "home"

    @property
    def store(self) -> Path:
        return self.home / ".opentraces"

    @property
    def agent(self) -> str:
        return "claude-code"

    @property
    def disk(self) -> Path:
        """The folder that stands for the disk to which events are written."""
        return self.store

    @property
    def top(self) -> Path:
        """The outermost folder that a hook may make."""
        return self.store / "spool"

    @property
    def spool(self) -> Path:
        """The folder of the sessions' files."""
        return self.top / "claude-code"

    @property
    def log(self) -> Path:
        return self.store / "state" / "ingest.log"

    @property
    def enrolled(self) -> Path:
        return self.store / "state" / "enrolled" / self.agent

    @property
    def script(self) -> Path:
        return self.home / ".claude" / "hooks" / "opentraces" / "claude_code.py"

    @property
    def repository(self) -> Path:
        return self.root / "work" / "widgets"

    @property
    def command(self) -> str:
        """The line of shell in the agent's settings."""
        return Command(str(self.python), str(self.script), str(self.store)).line()

    def prepare(self) -> Self:
        """Make the folders, put the script in its place, and enrol the repository."""
        self.script.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(SCRIPTS / self.script.name, self.script)
        self.enrolled.parent.mkdir(parents=True, exist_ok=True)
        (self.repository / ".git").mkdir(parents=True, exist_ok=True)
        self.enrol(self.repository)
        return self

    def enrol(self, *worktrees: Path) -> None:
        """Let the list of enrolled worktrees be these."""
        self.enrolled.write_text("".join(f"{path.resolve()}\n" for path in worktrees))

    def environment(self, project: Path | None = None) -> dict[str, str]:
        """Return what the agent tells its hooks, as little of it as matters."""
        return {
            "PATH": "/usr/bin:/bin",
            "LANG": "C.UTF-8",
            "HOME": str(self.home),
            "CLAUDECODE": "1",
            "CLAUDE_PROJECT_DIR": str(project or self.repository),
        }

    def working_directory(self, project: Path | None = None) -> Path:
        """Return where the agent runs its hooks."""
        return self.repository

    def with_patience(self, seconds: float) -> Self:
        """Let the hook wait for its event as long as that: what it waits for is what is tried."""
        script = self.script.read_text()
        changed, number = re.subn(
            r"^PATIENCE_S = .*", f"PATIENCE_S = {seconds}", script, flags=re.M
        )
        assert number == 1
        self.script.write_text(changed)
        return self

    def start(
        self,
        stdin: int | IO[bytes],
        *,
        before: str = ":",
        project: Path | None = None,
        environment: Mapping[str, str] | None = None,
        cwd: Path | None = None,
    ) -> subprocess.Popen[bytes]:
        """Start the hook in a project, after a line of shell that sets the scene."""
        return subprocess.Popen(
            ["/bin/sh", "-c", f'{before}; exec /bin/sh -c "$0"', self.command],
            stdin=stdin,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env=self.environment(project) if environment is None else environment,
            cwd=cwd or self.working_directory(project),
        )

    def run(
        self,
        payload: bytes,
        *,
        before: str = ":",
        project: Path | None = None,
        environment: Mapping[str, str] | None = None,
        cwd: Path | None = None,
    ) -> Ran:
        """Run the hook on one event, to its end."""
        process = self.start(
            subprocess.PIPE, before=before, project=project, environment=environment, cwd=cwd
        )
        return ended(process, payload)

    def lines(self, session: str = SESSION) -> list[bytes]:
        """Return the lines of one session, each with its newline; the last may have none."""
        files = [path for path in self._files() if path.name == f"{session}.jsonl"]
        return [line for path in files for line in path.read_bytes().splitlines(keepends=True)]

    def events(self, session: str = SESSION) -> list[Any]:
        """Return the events of one session, as a reader finds them."""
        return [line["event"] for line in salvaged(self.lines(session))]

    def spooled(self) -> list[str]:
        """Return the names of all files of events, each behind its agent's."""
        return [f"{self.agent}/{path.name}" for path in self._files()]

    def _files(self) -> list[Path]:
        return sorted(path for path in self.top.rglob("*.jsonl") if path.is_file())


@dataclass(frozen=True)
class CodexMachine(HookedMachine):
    """One user's machine; its hook is run as Codex does it, and writes into repositories."""

    @property
    def agent(self) -> str:
        return "codex-cli"

    @property
    def disk(self) -> Path:
        return self.repository

    @property
    def top(self) -> Path:
        return self.repository / ".opentraces"

    @property
    def spool(self) -> Path:
        return self.top / "codex-cli" / "hooks"

    @property
    def script(self) -> Path:
        return self.home / ".codex" / "hooks" / "opentraces" / "codex_cli.py"

    def environment(self, project: Path | None = None) -> dict[str, str]:
        return {"PATH": "/usr/bin:/bin", "LANG": "C.UTF-8", "HOME": str(self.home)}

    def working_directory(self, project: Path | None = None) -> Path:
        return project or self.repository

    def _files(self) -> list[Path]:
        return sorted(path for path in self.root.rglob("*.jsonl") if path.is_file())


both = pytest.mark.parametrize(
    "machine", [HookedMachine, CodexMachine], indirect=True, ids=["claude-code", "codex-cli"]
)
"""Of a test: that it is true of the hook of either agent."""


def ended(process: subprocess.Popen[bytes], payload: bytes = b"") -> Ran:
    """Hand over an event, wait for the end of the hook, and return it."""
    with process:
        try:
            out, errors = process.communicate(payload or None, timeout=LONGEST_S)
        finally:
            process.kill()
    return Ran(process.returncode, out, errors)


def hand_over(process: subprocess.Popen[bytes], piece: bytes) -> None:
    """Write a piece of an event, and wait until the hook has read it."""
    assert process.stdin is not None
    process.stdin.write(piece)
    process.stdin.flush()
    left = array("i", [1])
    while left[0] and process.poll() is None:
        fcntl.ioctl(process.stdin, termios.FIONREAD, left)
        sleep(0.001)


def event(name: str = "UserPromptSubmit", session: str = SESSION, **more: Any) -> bytes:
    """Return an event as the agent hands it over."""
    said = {"session_id": session, "cwd": "/home/dev/widgets", "hook_event_name": name, **more}
    return json.dumps(said, separators=(",", ":")).encode() + b"\n"


def salvaged(lines: list[bytes]) -> list[Any]:
    """Return what is whole, of every line; what follows a torn line on the same one is."""
    return [said for said in map(_whole, lines) if said is not None]


def _whole(line: bytes) -> Any:
    for start in (0, max(line.rfind(BEGIN), 0)):
        try:
            return json.loads(line[start:])
        except ValueError:
            continue
    return None
