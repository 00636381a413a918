from datetime import datetime

import pytest

from opentraces.adapters.memory.work_log import MemoryWorkLog
from tests.contracts.work_log import WorkLogContract


class TestMemoryWorkLog(WorkLogContract):
    @pytest.fixture
    def log(self) -> MemoryWorkLog:
        self.work = MemoryWorkLog()
        return self.work

    def keeps(self, at: datetime, agent: str = "claude-code") -> None:
        self.work.write("kept 86 kB", at, agent=agent)

    def fails(self, at: datetime) -> str:
        self.work.write("failed", at, is_failure=True)
        return "failed"
