from pathlib import Path

import pytest

from opentraces.adapters.claude_code.setup import HOOKS as CLAUDE_CODE
from opentraces.adapters.codex_cli.setup import HOOKS as CODEX_CLI
from opentraces.adapters.hooks_file.agent_setup import HooksFileSetup
from opentraces.domain.setup import AgentHooks
from tests.contracts.agent_setup import AgentSetupContract


class HooksFileContract(AgentSetupContract):
    HOOKS: AgentHooks

    @pytest.fixture
    def setup(self, tmp_path: Path) -> HooksFileSetup:
        self.root = tmp_path
        return self.made("python", ".opentraces")

    def made(self, python: str, home: str) -> HooksFileSetup:
        root = self.root
        return HooksFileSetup(
            self.HOOKS, root / ".agent", root / home, root / python, script=b"pass\n"
        )

    def other(self) -> HooksFileSetup:
        return self.made("python4", "elsewhere")

    def files(self) -> dict[str, bytes]:
        return {str(path): path.read_bytes() for path in self.root.rglob("*") if path.is_file()}

    def settings(self) -> bytes | None:
        return self.files().get(str(self.root / ".agent" / self.HOOKS.settings))

    def write_settings(self, data: bytes) -> None:
        (self.root / ".agent").mkdir(exist_ok=True)
        (self.root / ".agent" / self.HOOKS.settings).write_bytes(data)


class TestClaudeCodeHooks(HooksFileContract):
    HOOKS = CLAUDE_CODE
    FOREIGN = b'{"model": "opus", "hooks": {"Stop": [{"hooks": [{"type": "command"}]}]}}'
    BROKEN = b'{"model": "opus",}'

    def edit(self, data: bytes) -> bytes:
        return data.replace(b'"opus"', b'"sonnet", "x": []')


class TestCodexHooks(HooksFileContract):
    HOOKS = CODEX_CLI
    FOREIGN = b'{"description": "me", "hooks": {"Stop": [{"hooks": [{"type": "command"}]}]}}'
    BROKEN = b'// mine\n{"hooks": {}}'

    def edit(self, data: bytes) -> bytes:
        return data.replace(b'"me"', b'"you"')
