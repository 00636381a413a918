"""The real Codex, in a home of its own, on a model that answers from a script."""

import json
import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from signal import SIGKILL
from typing import Any

from tests.agents.rig.running import Ended, Running, started
from tests.agents.rig.terminal import Terminal, in_terminal

_CONFIG = """
model = "gpt-5.5"
model_provider = "scripted"
check_for_update_on_startup = false
disable_paste_burst = true
[analytics]
enabled = false
[model_providers.scripted]
name = "scripted"
base_url = "{address}/v1"
env_key = "SCRIPTED_KEY"
wire_api = "responses"
request_max_retries = 0
stream_max_retries = 0
"""
_USED = """
[projects."{folder}"]
trust_level = "trusted"
[notice.model_migrations]
"gpt-5.5" = "gpt-6-sol"
"""
"""What it writes down of a folder that is trusted, and of a newer model that was declined."""

_ASKING = ("--disable", "daemon_auto_start", "-a", "on-request", "-s", "read-only")
_FREELY = ("--skip-git-repo-check", "--dangerously-bypass-approvals-and-sandbox")


@dataclass(frozen=True)
class Codex:
    """One user's client."""

    program: Path
    user: Path

    @property
    def home(self) -> Path:
        return self.user / ".codex"

    @property
    def search_path(self) -> str:
        return f"{self.program.parent}{os.pathsep}{os.environ['PATH']}"

    @property
    def environment(self) -> dict[str, str]:
        return {"HOME": str(self.user), "PATH": self.search_path, "SCRIPTED_KEY": "none"}

    def configure(self, address: str) -> None:
        """Let it ask the model at an address, and nothing else; hooks that are trusted stay so."""
        (self.home / "config.toml").write_text(
            _CONFIG.format(address=address) + self._trusted_hooks()
        )

    @contextmanager
    def started(self, folder: Path, *arguments: str) -> Iterator[Running]:
        """Start it in a folder, without a terminal; whatever of it is left is ended."""
        command = (str(self.program), "exec", *arguments, "--json", *_FREELY)
        with started(command, folder, self.environment) as running:
            try:
                yield running
            finally:
                if running.process.poll() is None:
                    kill(running.process)

    def run(self, folder: Path, *arguments: str) -> Ended:
        """Let it work on one prompt to whatever end; the prompt is the last argument."""
        with self.started(folder, *arguments) as running:
            return running.wait()

    @contextmanager
    def in_terminal(self, folder: Path, *arguments: str) -> Iterator[Terminal]:
        """Start it in a terminal, as somebody who has used it here before; it asks for permissions.

        Without the process that serves all terminals of a user: that would go on afterwards.
        """
        with (self.home / "config.toml").open("a") as file:
            file.write(_USED.format(folder=folder))
        command = (str(self.program), *_ASKING, *arguments)
        with in_terminal(command, folder, self.environment) as terminal:
            try:
                yield terminal
            finally:
                if terminal.process.poll() is None:
                    kill(terminal.process)

    def trust_hooks(self) -> None:
        """Be the user who trusts every hook there is, by what the client's own screen does."""
        listed = self.asked("hooks/list", {"cwds": [str(self.home)]})
        trusted = {
            hook["key"]: {"trusted_hash": hook["currentHash"]}
            for hook in listed["data"][0]["hooks"]
        }
        edit = {"keyPath": "hooks.state", "value": trusted, "mergeStrategy": "upsert"}
        asked = {"edits": [edit], "filePath": None, "expectedVersion": None}
        self.asked("config/batchWrite", asked)

    def complaints(self) -> list[str]:
        """Return what it finds wrong with its hooks."""
        found: list[str] = self.asked("hooks/list", {"cwds": [str(self.home)]})["data"][0][
            "warnings"
        ]
        return found

    def asked(self, method: str, given: dict[str, Any]) -> Any:
        """Ask its server for one thing."""
        client = {"name": "tests", "title": "tests", "version": "0"}
        calls = [
            {"id": 1, "method": "initialize", "params": {"clientInfo": client}},
            {"method": "initialized"},
            {"id": 2, "method": method, "params": given},
        ]
        with subprocess.Popen(
            [self.program, "app-server"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            cwd=self.home,
            env=self.environment,
        ) as server:
            assert server.stdin is not None
            assert server.stdout is not None
            server.stdin.write("".join(json.dumps(call) + "\n" for call in calls).encode())
            server.stdin.flush()
            for line in server.stdout:
                said = json.loads(line)
                if said.get("id") == 2 and "result" in said:
                    server.stdin.close()
                    return said["result"]
        raise AssertionError(method)

    def _trusted_hooks(self) -> str:
        """Return what its settings say of hooks that are trusted: the client wrote it."""
        file = self.home / "config.toml"
        held = file.read_text() if file.exists() else ""
        return held[held.find("[hooks.state") :] if "[hooks.state" in held else ""


def session_of(ended: Ended) -> str:
    """Return the id of the session that a client worked in, as it printed it."""
    first = json.loads(ended.out.splitlines()[0])
    return str(first["thread_id"])


def kill(process: subprocess.Popen[bytes]) -> None:
    """Kill a client at once: its program, and before that what this one started to be it."""
    started = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()
    for each in map(int, started):
        os.kill(each, SIGKILL)
    process.kill()
