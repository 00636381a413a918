"""When Claude Code deletes sessions, from its own files."""

import json
import os
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from opentraces.adapters.claude_code.retention import ClaudeCodeRetention
from opentraces.adapters.claude_code.sessions import ClaudeCodeSessions
from opentraces.domain.session import FoundSession, Scope
from tests.contracts.retention import WRITTEN, AgentRetentionContract

Leave = Callable[[datetime], FoundSession]

LINE = '{"type":"user","sessionId":"s","message":{"role":"user","content":"hi"}}\n'


def write(file: Path, at: datetime) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(LINE)
    os.utime(file, (at.timestamp(), at.timestamp()))


def found(place: Path) -> FoundSession:
    (session,) = ClaudeCodeSessions(()).discover(Scope(places=(str(place),)))
    return session


class TestClaudeCodeRetention(AgentRetentionContract):
    @pytest.fixture(autouse=True)
    def place(self, tmp_path: Path) -> None:
        self.folder = tmp_path / "claude"
        self.other = tmp_path / "other"

    def left(self, at: datetime) -> FoundSession:
        write(self.folder / "projects" / "-w" / "s.jsonl", at)
        return found(self.folder)

    def elsewhere(self) -> FoundSession:
        write(self.other / "projects" / "-w" / "s.jsonl", WRITTEN)
        return found(self.other)

    def retention(self, days: int | None) -> ClaudeCodeRetention:
        self.folder.mkdir(exist_ok=True)
        if days is not None:
            (self.folder / "settings.json").write_text(json.dumps({"cleanupPeriodDays": days}))
        return ClaudeCodeRetention((self.folder,))

    def test_the_newest_of_its_files_counts(self) -> None:
        self.left(WRITTEN)
        later = WRITTEN + timedelta(days=3)
        write(self.folder / "projects" / "-w" / "s" / "subagents" / "agent-1.jsonl", later)

        session = found(self.folder)

        assert len(session.files) == 2
        assert self.retention(1).deleted_after(session) == later + timedelta(days=1)

    def test_prompts_in_the_history_stay(self) -> None:
        self.folder.mkdir()
        said = {"display": "hi", "timestamp": 1, "project": "/w", "sessionId": "gone"}
        line = json.dumps(said, separators=(",", ":"))
        (self.folder / "history.jsonl").write_text(f"{line}\n")
        (session,) = ClaudeCodeSessions((self.folder,)).discover(Scope())

        assert self.retention(1).deleted_after(session) is None

    def test_each_folder_has_a_rule_of_its_own(self) -> None:
        session = self.elsewhere()
        self.retention(7)
        retention = ClaudeCodeRetention((self.folder, self.other))

        assert retention.rule() == "cleanupPeriodDays is 7 or 30"
        assert retention.deleted_after(session) == WRITTEN + timedelta(days=30)

    @pytest.mark.parametrize("said", ["", "{", "[]", '{"cleanupPeriodDays": "9"}', "null"])
    def test_settings_that_say_nothing_of_use_are_as_good_as_none(self, said: str) -> None:
        session = self.left(WRITTEN)
        (self.folder / "settings.json").write_text(said)

        assert self.retention(None).deleted_after(session) == WRITTEN + timedelta(days=30)

    @pytest.mark.parametrize("days", ["-1", "true", "null", "[1]"])
    def test_what_is_no_number_of_days_is_not_taken_for_one(self, days: str) -> None:
        session = self.left(WRITTEN)
        (self.folder / "settings.json").write_text(f'{{"cleanupPeriodDays": {days}}}')

        assert self.retention(None).deleted_after(session) == WRITTEN + timedelta(days=30)

    @pytest.mark.parametrize("days", [10_000_000, 10**12, 1e300])
    def test_what_is_kept_for_ages_is_never_deleted(self, days: int) -> None:
        session = self.left(WRITTEN)

        assert self.retention(days).deleted_after(session) is None
