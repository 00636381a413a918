from datetime import UTC, datetime, timedelta

import pytest

from opentraces.adapters.memory.clock import FixedClock
from opentraces.adapters.memory.work_log import MemoryWorkLog
from opentraces.application.diagnosing.program import ProgramChecker
from opentraces.application.diagnosing.work import WorkChecker
from opentraces.domain.health import Check, Level

NOW = datetime(2026, 11, 26, 12, tzinfo=UTC)


@pytest.fixture
def log() -> MemoryWorkLog:
    return MemoryWorkLog()


@pytest.fixture
def checker(log: MemoryWorkLog) -> WorkChecker:
    return WorkChecker(log, FixedClock(NOW))


def test_where_no_worker_was_none_failed(checker: WorkChecker) -> None:
    assert list(checker.checks()) == [Check("worker", Level.OK, "none was ever started")]


def test_workers_that_did_their_work_are_well(log: MemoryWorkLog, checker: WorkChecker) -> None:
    log.write("failed long ago", NOW - timedelta(days=7), is_failure=True)
    log.write("kept 86 kB", NOW - timedelta(minutes=2))

    text = "none failed in the last 7 days, the last worked 2 minutes ago"
    assert list(checker.checks()) == [Check("worker", Level.OK, text)]


def test_a_failure_is_told_for_a_week(log: MemoryWorkLog, checker: WorkChecker) -> None:
    log.write("ValueError: " + "x" * 999, NOW - timedelta(days=6.9), is_failure=True)
    log.write("kept 86 kB", NOW)

    (check,) = checker.checks()

    assert (check.level, check.advice) == (Level.WARN, "opentraces ingest")
    assert check.text.startswith("one failed 6 days ago: ValueError: xxx")
    assert len(check.text) < 400
    assert list(checker.mend()) == []


def test_the_program_says_which_it_is() -> None:
    checker = ProgramChecker("0.1.0", "3.11.2", "/v/bin/python", "/home/me/.opentraces")

    (check,) = checker.checks()

    assert check.level is Level.OK
    assert check.text == (
        "opentraces 0.1.0, Python 3.11.2 (/v/bin/python), home /home/me/.opentraces"
    )
