from pathlib import Path

import pytest

from opentraces.adapters.claude_code.setup.agent_setup import ClaudeCodeSetup
from tests.contracts.agent_setup import AgentSetupContract


class TestClaudeCodeSetup(AgentSetupContract):
    FOREIGN = b'{"model": "opus", "hooks": {"Stop": [{"hooks": [{"type": "command"}]}]}}'
    BROKEN = b'{"model": "opus",}'

    @pytest.fixture
    def setup(self, tmp_path: Path) -> ClaudeCodeSetup:
        self.root = tmp_path
        return self.made("python", ".opentraces")

    def made(self, python: str, home: str) -> ClaudeCodeSetup:
        return ClaudeCodeSetup(
            self.root / ".claude", self.root / home, self.root / python, b"pass\n"
        )

    def other(self) -> ClaudeCodeSetup:
        return self.made("python4", "elsewhere")

    def files(self) -> dict[str, bytes]:
        return {str(path): path.read_bytes() for path in self.root.rglob("*") if path.is_file()}

    def settings(self) -> bytes | None:
        return self.files().get(str(self.root / ".claude" / "settings.json"))

    def write_settings(self, data: bytes) -> None:
        (self.root / ".claude").mkdir(exist_ok=True)
        (self.root / ".claude" / "settings.json").write_bytes(data)

    def edit(self, data: bytes) -> bytes:
        return data.replace(b'"opus"', b'"sonnet", "x": []')
