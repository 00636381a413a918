"""The real Claude Code, without a terminal, in a home and a repository of its own."""

import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson

from tests.agents.rig.installed import claude_code_program

_MODEL = "claude-sonnet-4-5"
_LIMIT_S = 120


@dataclass(frozen=True)
class ClaudeCode:
    """A client that can reach the scripted model and nothing else."""

    home: Path
    repository: Path
    api: str

    @property
    def environment(self) -> dict[str, str]:
        """Everything the client is told by its environment."""
        return {
            "PATH": "/usr/local/bin:/usr/bin:/bin",
            "HOME": str(self.home),
            "LANG": "C.UTF-8",
            "TERM": "dumb",
            "ANTHROPIC_BASE_URL": self.api,
            "ANTHROPIC_API_KEY": "fake-key",
            "IS_SANDBOX": "1",
            "CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC": "1",
            "DISABLE_AUTOUPDATER": "1",
        }

    def prompt(self, text: str, *arguments: str) -> str:
        """Let the client work on one prompt to the end; returns the id of the session."""
        options = ("--output-format", "json", "--model", _MODEL)
        finished = subprocess.run(
            [
                claude_code_program(),
                "-p",
                *arguments,
                *options,
                "--permission-mode",
                "bypassPermissions",
                text,
            ],
            cwd=self.repository,
            env=self.environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=_LIMIT_S,
        )
        assert finished.returncode == 0, finished.stdout + finished.stderr
        result: dict[str, Any] = orjson.loads(finished.stdout)
        assert not result["is_error"], result
        return str(result["session_id"])


def new_repository(folder: Path, files: dict[str, str]) -> None:
    """Make a Git repository with one commit that holds `files`."""
    folder.mkdir(parents=True)
    for name, content in files.items():
        (folder / name).write_text(content)
    author = ("-c", "user.name=Dev", "-c", "user.email=dev@example.com")
    for arguments in (
        ("init", "-q", "-b", "main"),
        ("add", "-A"),
        (*author, "commit", "-q", "-m", "Begin"),
    ):
        environment = {"PATH": "/usr/bin:/bin", "HOME": str(folder.parent)}
        subprocess.run(("git", *arguments), cwd=folder, env=environment, check=True)
