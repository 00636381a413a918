"""A machine on which hooks are set up, and sessions are being worked on."""

import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import orjson

from opentraces.adapters.filesystem.spool import FilesystemEventSpool
from opentraces.domain.ids import SessionId, TraceId, trace_id
from opentraces.domain.session import Agent
from tests.integration.hooks.hooked import SILENT, HookedMachine, event
from tests.integration.program.machine import COMMAND, Machine


@dataclass(frozen=True)
class LiveMachine(Machine):
    """One user's machine, with the hook and one enrolled repository."""

    python: Path = Path(sys.executable)
    """The interpreter that setup wrote into the agent's settings."""

    @classmethod
    def prepared(cls, root: Path) -> "LiveMachine":
        """Set the hook up and enrol a repository; nothing was kept yet."""
        machine = cls(root, root / "home" / ".claude")
        repository = machine.hooked.prepare().repository
        machine.git("init", "--quiet")
        code, _, errors = machine.run_in(repository, "init")
        assert code == 0, errors
        return machine

    @property
    def hooked(self) -> HookedMachine:
        return HookedMachine(self.root, self.python)

    @property
    def home(self) -> Path:
        return self.hooked.store

    @property
    def log(self) -> str:
        """What workers said of what they did."""
        return self.hooked.log.read_text()

    @property
    def spool(self) -> FilesystemEventSpool:
        return FilesystemEventSpool(self.home / "spool", self.home / "state", Agent.CLAUDE_CODE)

    def run_in(self, folder: Path, *arguments: str) -> tuple[int, bytes, bytes]:
        """Run one command where a user stands: exit code, stdout, stderr."""
        command = [*COMMAND, *arguments]
        told = self.environment
        done = subprocess.run(command, cwd=folder, env=told, capture_output=True, check=False)
        return done.returncode, done.stdout, done.stderr

    def git(self, *arguments: str) -> None:
        """Run git in the repository, as the user."""
        told = {"PATH": os.environ["PATH"], "HOME": str(self.root), "GIT_CONFIG_NOSYSTEM": "1"}
        named = ("-c", "user.name=A", "-c", "user.email=a@example.org")
        command = ["git", *named, *arguments]
        subprocess.run(command, cwd=self.hooked.repository, env=told, check=True)

    def transcript(self, session: str) -> Path:
        """Where the agent writes a session."""
        return self.claude / "projects" / "-work-widgets" / f"{session}.jsonl"

    def write(self, session: str, *lines: bytes) -> None:
        """Let the agent write some lines more."""
        path = self.transcript(session)
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("ab") as file:
            file.write(b"".join(lines))

    def tell(self, session: str, name: str, **more: Any) -> None:
        """Let one event happen; a closing one starts a worker."""
        assert self.hooked.run(self.payload(session, name, **more)) == SILENT

    def payload(self, session: str, name: str, **more: Any) -> bytes:
        """Return an event as the agent hands it over."""
        where = {
            "transcript_path": str(self.transcript(session)),
            "cwd": str(self.hooked.repository),
        }
        return event(name, session, **where | more)

    def trace(self, session: str) -> TraceId:
        return trace_id(Agent.CLAUDE_CODE.value, SessionId(session))

    def kept_events(self, session: str) -> list[Any]:
        """Return the kept events of a session, as a restore gives them back."""
        with TemporaryDirectory(dir=self.root) as place:
            code, _, errors = self.run("trace", "restore", session, "--to", place)
            assert code == 0, errors
            lines = Path(place, "hooks", f"{session}.jsonl").read_bytes().splitlines()
        return [orjson.loads(line)["event"] for line in lines]
