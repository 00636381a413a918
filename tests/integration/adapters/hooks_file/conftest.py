"""A user's home with Claude Code's folder in it, and our setup of that."""

import json
import stat
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from opentraces.adapters.claude_code.setup import HOOKS
from opentraces.adapters.hooks_file.agent_setup import HooksFileSetup

SCRIPT = b"pass\n"


@dataclass(frozen=True)
class User:
    """A user whose agent is set up."""

    root: Path

    @property
    def config(self) -> Path:
        return self.root / ".claude"

    @property
    def settings(self) -> Path:
        return self.config / "settings.json"

    @property
    def ours(self) -> Path:
        """The folder of our files."""
        return self.config / "hooks" / "opentraces"

    def setup(self, python: str = "/usr/bin/python3", script: bytes = SCRIPT) -> HooksFileSetup:
        return HooksFileSetup(HOOKS, self.config, self.root / ".opentraces", Path(python), script)

    def install(self) -> None:
        self.setup().apply(self.setup().install())

    def remove(self) -> None:
        self.setup().apply(self.setup().remove())

    def write(self, data: bytes) -> None:
        self.config.mkdir(exist_ok=True)
        self.settings.write_bytes(data)

    def read(self) -> Any:
        return json.loads(self.settings.read_text(encoding="utf-8-sig"))

    def tree(self) -> dict[str, tuple[int, bytes | None]]:
        """Everything below the home: mode and bytes by path; a folder has none."""
        return {
            str(path.relative_to(self.root)): (
                stat.S_IMODE(path.lstat().st_mode),
                bytes(path.readlink()) if path.is_symlink() else self._bytes(path),
            )
            for path in self.root.rglob("*")
        }

    def _bytes(self, path: Path) -> bytes | None:
        return path.read_bytes() if path.is_file() else None


@pytest.fixture
def user(tmp_path: Path) -> User:
    return User(tmp_path)
