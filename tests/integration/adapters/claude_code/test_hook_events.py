"""Real events of the real client."""

import pytest

from opentraces.adapters.claude_code.hook_events import ClaudeCodeHookEvents
from tests.contracts.hook_events import HookEventsContract
from tests.integration.adapters.claude_code.fixtures import DATA


class TestClaudeCodeHookEvents(HookEventsContract):
    @pytest.fixture
    def events(self) -> ClaudeCodeHookEvents:
        return ClaudeCodeHookEvents()

    @pytest.fixture
    def real(self) -> list[bytes]:
        alone = [path.read_bytes() for path in sorted((DATA / "hooks").glob("*.json"))]
        spools = sorted(DATA.glob("live/spool/claude-code/*.jsonl"))
        lines = [line for path in spools for line in path.read_bytes().splitlines()]
        return [*alone, *(line.partition(b',"event":')[2][:-1] for line in lines)]
