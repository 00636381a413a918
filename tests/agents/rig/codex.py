"""The real Codex, in a home of its own, on a model that answers from a script."""

import json
import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

_CONFIG = """
model = "gpt-5.5"
model_provider = "scripted"
check_for_update_on_startup = false
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
_USAGE = {
    "input_tokens": 1000,
    "input_tokens_details": {"cached_tokens": 0},
    "output_tokens": 10,
    "output_tokens_details": {"reasoning_tokens": 0},
    "total_tokens": 1010,
}
_ITEMS: tuple[dict[str, Any], ...] = (
    {
        "type": "function_call",
        "id": "fc_1",
        "call_id": "call_1",
        "name": "exec_command",
        "arguments": '{"cmd": "echo wombat"}',
    },
    {
        "type": "message",
        "id": "msg_1",
        "role": "assistant",
        "status": "completed",
        "content": [{"type": "output_text", "text": "Done.", "annotations": []}],
    },
)
"""What the model says, one item a response: a command, then the end of the turn."""


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

    def run(self, repository: Path, address: str, *options: str) -> None:
        """Run one turn to its end."""
        (self.home / "config.toml").write_text(
            _CONFIG.format(address=address) + self._trusted_hooks()
        )
        flags = ("--skip-git-repo-check", "--dangerously-bypass-approvals-and-sandbox")
        subprocess.run(
            [self.program, "exec", *flags, *options, "Say wombat"],
            cwd=repository,
            env=self.environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            check=True,
            timeout=120,
        )

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


@contextmanager
def serving() -> Iterator[str]:
    """Serve a model; yields its address."""
    left: list[dict[str, Any]] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_error(404)

        def do_POST(self) -> None:
            self.rfile.read(int(self.headers.get("content-length") or 0))
            left[:] = left or _ITEMS
            item = left.pop(0)
            self.send_response(200)
            self.send_header("content-type", "text/event-stream")
            self.end_headers()
            response = {"id": f"resp_{len(left)}", "object": "response", "model": "gpt-5.5"}
            self._event("response.created", response=response | {"output": []})
            self._event("response.output_item.done", output_index=0, item=item)
            ended = {"status": "completed", "output": [item], "usage": _USAGE}
            self._event("response.completed", response=response | ended)

        def _event(self, kind: str, **more: Any) -> None:
            said = json.dumps({"type": kind, **more})
            self.wfile.write(f"event: {kind}\ndata: {said}\n\n".encode())

        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        server.daemon_threads = True
        thread = Thread(target=server.serve_forever)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_address[1]}"
        finally:
            server.shutdown()
            thread.join()
