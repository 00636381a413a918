"""A user's machine on which the hook is set up and one repository is enrolled."""

import json
import shutil
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

import opentraces
from opentraces.adapters.claude_code.setup.command import Command

SCRIPT = Path(opentraces.__path__[0], "entrypoints", "hooks", "claude_code.py")
SESSION = "0b8f6c1e-57a1-4c39-9d3e-2f6a1c7e9b04"
BEGIN = b'{"opentraces":1,'


@dataclass(frozen=True)
class Ran:
    """How a hook ended, and what it said."""

    code: int
    """Negative: the signal that ended it."""

    out: bytes
    errors: bytes


SILENT = Ran(0, b"", b"")
"""All that an agent may ever see of us."""


@dataclass(frozen=True)
class HookedMachine:
    """One user's machine; its hook is run as the agent does it."""

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
    def spool(self) -> Path:
        return self.store / "spool" / "claude-code"

    @property
    def log(self) -> Path:
        return self.store / "state" / "ingest.log"

    @property
    def enrolled(self) -> Path:
        return self.store / "state" / "enrolled" / "claude-code"

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

    def prepare(self) -> "HookedMachine":
        """Make the folders, put the script in its place, and enrol the repository."""
        self.script.parent.mkdir(parents=True)
        shutil.copyfile(SCRIPT, self.script)
        self.enrolled.parent.mkdir(parents=True)
        (self.repository / ".git").mkdir(parents=True)
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

    def start(
        self,
        stdin: int | IO[bytes],
        *,
        before: str = ":",
        environment: Mapping[str, str] | None = None,
        cwd: Path | None = None,
    ) -> subprocess.Popen[bytes]:
        """Start the hook, after a line of shell that sets the scene."""
        return subprocess.Popen(
            ["/bin/sh", "-c", f'{before}; exec /bin/sh -c "$0"', self.command],
            stdin=stdin,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env=self.environment() if environment is None else environment,
            cwd=cwd or self.repository,
        )

    def run(
        self,
        payload: bytes,
        *,
        before: str = ":",
        environment: Mapping[str, str] | None = None,
        cwd: Path | None = None,
    ) -> Ran:
        """Run the hook on one event, to its end."""
        process = self.start(subprocess.PIPE, before=before, environment=environment, cwd=cwd)
        return ended(process, payload)

    def lines(self, session: str = SESSION) -> list[bytes]:
        """Return the lines of one session, each with its newline; the last may have none."""
        file = self.spool / f"{session}.jsonl"
        return file.read_bytes().splitlines(keepends=True) if file.exists() else []

    def events(self, session: str = SESSION) -> list[Any]:
        """Return the events of one session, as a reader finds them."""
        return [line["event"] for line in salvaged(self.lines(session))]

    def spooled(self) -> list[str]:
        """Return the names of all that is in the spool."""
        folder = self.store / "spool"
        return sorted(str(path.relative_to(folder)) for path in folder.rglob("*.jsonl"))


def ended(process: subprocess.Popen[bytes], payload: bytes = b"") -> Ran:
    """Hand over an event, wait for the end of the hook, and return it."""
    with process:
        try:
            out, errors = process.communicate(payload or None, timeout=30)
        finally:
            process.kill()
    return Ran(process.returncode, out, errors)


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
