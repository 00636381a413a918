"""The real Pi, told what to do line by line, as an editor that has it inside does."""

import json
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import Timer
from typing import Any

from tests.agents.rig.pi import Pi

_LIMIT_S = 120


@dataclass(frozen=True)
class Rpc:
    """A client that waits for the next line."""

    process: subprocess.Popen[str]

    def ask(self, command: str, /, **arguments: object) -> dict[str, Any]:
        """Send a command; returns what it answers."""
        self._send({"type": command, **arguments})
        said = self._next("response", command)
        assert said["success"], said
        data: dict[str, Any] = said.get("data", {})
        return data

    def prompt(self, text: str) -> None:
        """Send a prompt, and wait until the model has no more to say to it."""
        self.begin(text)
        self.wait_for("agent_end")

    def begin(self, text: str) -> None:
        """Send a prompt."""
        self.ask("prompt", message=text)

    def wait_for(self, event: str) -> None:
        """Return when the client tells of an event."""
        self._next(event)

    @property
    def session(self) -> str:
        """The session that it is in."""
        return str(self.ask("get_state")["sessionId"])

    def leave(self) -> int:
        """End it as an editor does; returns its exit code."""
        assert self.process.stdin
        self.process.stdin.close()
        return self.process.wait(_LIMIT_S)

    def _send(self, line: dict[str, object]) -> None:
        assert self.process.stdin
        self.process.stdin.write(json.dumps(line) + "\n")
        self.process.stdin.flush()

    def _next(self, kind: str, command: str | None = None) -> dict[str, Any]:
        assert self.process.stdout
        for line in self.process.stdout:
            said: dict[str, Any] = json.loads(line)
            if said["type"] == kind and command in (None, said.get("command")):
                return said
        raise AssertionError(f"it ended, or was ended after {_LIMIT_S} s, before {kind} {command}")


@contextmanager
def spoken_to(pi: Pi, folder: Path) -> Iterator[Rpc]:
    """Start a client in a folder; it is ended when the block is left."""
    with subprocess.Popen(
        (str(pi.program), "--mode", "rpc"),
        cwd=folder,
        env=pi.environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        watch = Timer(_LIMIT_S, process.kill)
        watch.start()
        try:
            yield Rpc(process)
        finally:
            watch.cancel()
            process.kill()
