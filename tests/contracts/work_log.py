"""What every WorkLog keeps to."""

from datetime import UTC, datetime

import pytest

from opentraces.ports.work_log import Failure, WorkLog

MORNING = datetime(2026, 11, 25, 8, 30, tzinfo=UTC)
NOON = datetime(2026, 11, 25, 12, tzinfo=UTC)


class WorkLogContract:
    @pytest.fixture
    def log(self) -> WorkLog:
        raise NotImplementedError("give the log of workers that were never started")

    def keeps(self, at: datetime, agent: str = "claude-code") -> None:
        """Be a worker, and keep something of an agent's."""
        raise NotImplementedError

    def fails(self, at: datetime) -> str:
        """Be a worker, fail, and return what it says of that."""
        raise NotImplementedError

    def test_where_no_worker_was_there_is_nothing(self, log: WorkLog) -> None:
        log.turn_over()

        assert (log.written(), log.last_failure()) == (None, None)

    def test_it_was_written_when_a_worker_last_said_something(self, log: WorkLog) -> None:
        self.keeps(MORNING)
        self.keeps(NOON)

        assert (log.written(), log.last_failure()) == (NOON, None)

    def test_it_says_when_it_last_told_of_one_agent(self, log: WorkLog) -> None:
        self.keeps(MORNING, "codex-cli")
        self.keeps(NOON, "claude-code")

        assert log.written("codex-cli") == MORNING
        assert log.written("claude-code") == NOON
        assert log.written("pi") is None

    def test_the_last_failure_stands_whatever_came_after(self, log: WorkLog) -> None:
        self.fails(MORNING)
        said = self.fails(NOON)
        self.keeps(NOON)

        assert log.last_failure() == Failure(said, NOON)

    def test_what_was_written_is_there_after_a_turn(self, log: WorkLog) -> None:
        said = self.fails(MORNING)
        self.keeps(NOON)
        log.turn_over()

        assert log.written() == NOON
        assert log.last_failure() == Failure(said, MORNING)
