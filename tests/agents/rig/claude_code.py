"""The real Claude Code, without a terminal, in a home and a repository of its own."""

import subprocess
from collections.abc import Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from pathlib import Path

import orjson

from tests.agents.rig.installed import claude_code_program
from tests.agents.rig.running import Ended, Running, started
from tests.agents.rig.terminal import Terminal, in_terminal


@dataclass(frozen=True)
class ClaudeCode:
    """A client that can reach the scripted model and nothing else."""

    home: Path
    repository: Path
    """The folder it is started in."""

    api: str
    model: str = "claude-sonnet-4-5"
    extra: Mapping[str, str] = field(default_factory=dict)
    """What its environment holds beside the usual."""

    @property
    def claude(self) -> Path:
        """Its configuration folder."""
        return self.home / ".claude"

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
            **self.extra,
        }

    def started(
        self, text: str, *arguments: str, mode: str = "bypassPermissions"
    ) -> AbstractContextManager[Running]:
        """Start the client on one prompt, under a permission mode."""
        options = ("--output-format", "json", "--model", self.model, "--permission-mode", mode)
        command = (str(claude_code_program()), "-p", *arguments, *options, text)
        return started(command, self.repository, self.environment)

    def in_terminal(self, *arguments: str) -> AbstractContextManager[Terminal]:
        """Start the client in a terminal, as somebody who has used it here before."""
        known = {"hasTrustDialogAccepted": True, "hasCompletedProjectOnboarding": True}
        used = {
            "hasCompletedOnboarding": True,
            "theme": "dark",
            "customApiKeyResponses": {"approved": ["fake-key"], "rejected": []},
            "projects": {str(self.repository): known},
        }
        (self.home / ".claude.json").write_bytes(orjson.dumps(used))
        command = (str(claude_code_program()), "--model", self.model, *arguments)
        return in_terminal(command, self.repository, self.environment)

    def run(self, text: str, *arguments: str, mode: str = "bypassPermissions") -> Ended:
        """Let the client work on one prompt to whatever end."""
        with self.started(text, *arguments, mode=mode) as running:
            return running.wait()

    def prompt(self, text: str, *arguments: str) -> str:
        """Let the client work on one prompt to a good end; returns the id of the session."""
        ended = self.run(text, *arguments)
        assert ended.code == 0, ended
        assert not ended.result["is_error"], ended
        return ended.session


def new_repository(folder: Path, files: Mapping[str, str]) -> None:
    """Make a Git repository with one commit that holds `files`."""
    folder.mkdir(parents=True)
    for name, content in files.items():
        (folder / name).write_text(content)
    for arguments in (
        ("init", "-q", "-b", "main"),
        ("config", "user.name", "Dev"),
        ("config", "user.email", "dev@example.com"),
        ("add", "-A"),
        ("commit", "-q", "-m", "Begin"),
    ):
        environment = {"PATH": "/usr/bin:/bin", "HOME": str(folder.parent)}
        subprocess.run(("git", *arguments), cwd=folder, env=environment, check=True)
