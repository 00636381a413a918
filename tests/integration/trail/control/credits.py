"""What the program says that sessions wrote into the commits of a repository."""

import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from opentraces.domain.trail.noted import NotedCredit
from opentraces.entrypoints.container import trail
from opentraces.entrypoints.container.noting import trail_index
from opentraces.entrypoints.container.reading import traces
from opentraces.entrypoints.settings import Settings

SECOND = 1_790_000_000
"""A moment before all that happens, in seconds since 1970."""


@dataclass(frozen=True)
class User:
    """Somebody with a home folder, in which agents leave sessions."""

    home: Path

    @property
    def environment(self) -> dict[str, str]:
        return {
            "PATH": os.environ["PATH"],
            "HOME": str(self.home),
            "OPENTRACES_HOME": str(self.home / "opentraces"),
        }

    @property
    def settings(self) -> Settings:
        return Settings.from_environment(self.environment)

    def import_all(self) -> None:
        """Import all sessions there are."""
        command = [sys.executable, "-m", "opentraces", "import", "--all"]
        subprocess.run(
            command, env=self.environment, cwd=self.home, check=True, capture_output=True
        )

    def credits(self, checkout: Path) -> list[NotedCredit]:
        """Search the history of a repository, and return all that is said of it."""
        opened = trail.open_repository(self.settings).execute(str(checkout))
        trail.refresh_trail(self.settings).execute(opened)
        return [
            one for one in trail_index(self.settings).credits(opened.key, None, None) if one.last
        ]

    def sessions(self, checkout: Path) -> dict[str, str]:
        """Return the agents' own ids of the sessions in a repository, by trace."""
        opened = trail.open_repository(self.settings).execute(str(checkout))
        noted = trail_index(self.settings).noted(opened.key, opened.worktrees, None)
        store = traces(self.settings)
        return {one.trace: store.envelope(one.trace).header.session_id for one in noted}


@dataclass
class Checkout:
    """A checkout in which somebody commits, at known seconds."""

    folder: Path
    user: User

    def git(self, *arguments: str, at: int = SECOND, who: str = "dev") -> str:
        """Run git as somebody."""
        person = {"NAME": who, "EMAIL": f"{who}@example.org", "DATE": f"@{at} +0000"}
        told = {f"GIT_{role}_{k}": v for role in ("AUTHOR", "COMMITTER") for k, v in person.items()}
        environment = self.user.environment | told | {"GIT_CONFIG_NOSYSTEM": "1"}
        run = subprocess.run(
            ["git", *arguments],
            cwd=self.folder,
            env=environment,
            check=True,
            capture_output=True,
            text=True,
        )
        return run.stdout.strip()

    def commit(self, message: str, at: int, who: str) -> str:
        """Commit all there is, and return the commit."""
        self.git("add", "--all")
        self.git("commit", "--quiet", "--message", message, at=at, who=who)
        return self.git("rev-parse", "HEAD")

    def read(self, path: str) -> str:
        return (self.folder / path).read_text()

    def write(self, path: str, text: str) -> None:
        (self.folder / path).parent.mkdir(parents=True, exist_ok=True)
        (self.folder / path).write_text(text)
