from datetime import timedelta

import pytest

from opentraces.application.diagnosing.spool import SpoolChecker
from opentraces.application.ingest_all import IngestAll
from opentraces.domain.health import Check, Level
from opentraces.domain.ids import SessionId
from opentraces.domain.session import Agent
from tests.memory_world import MemoryWorld, event_line, trace_of
from tests.transcript_lines import answered, typed

LINES = typed("Fix it", at=0) + answered("Done", at=5)


def checker(world: MemoryWorld) -> SpoolChecker:
    return SpoolChecker((world.spool,), world.clock, frozenset(), world.worker)


def never() -> IngestAll:
    raise AssertionError("made though nothing waits")


def write(world: MemoryWorld, session: str, seconds: int) -> None:
    """Let a hook have written a closing event so many seconds ago."""
    line = event_line(session, "Stop")
    world.spool.write(SessionId(session), line, world.clock.now() - timedelta(seconds=seconds))


def test_where_no_event_waits_all_is_well_and_nothing_is_made() -> None:
    world = MemoryWorld()
    idle = SpoolChecker((world.spool,), world.clock, frozenset(), never)

    assert list(idle.checks()) == [Check("events", Level.OK, "none waits to be kept")]
    assert list(idle.mend()) == []


def test_events_that_came_just_now_are_a_workers() -> None:
    world = MemoryWorld()
    write(world, "s1", 59)

    assert list(checker(world).checks()) == [
        Check("events", Level.OK, "those of 1 session wait to be kept")
    ]


@pytest.mark.parametrize(("seconds", "when"), [(60, "1 minute"), (7200, "2 hours")])
def test_events_that_wait_for_long_are_something_to_look_at(seconds: int, when: str) -> None:
    world = MemoryWorld()
    write(world, "s1", seconds)
    write(world, "s2", 1)

    (check,) = checker(world).checks()

    assert (check.level, check.advice) == (Level.WARN, "opentraces ingest")
    assert check.text.startswith(f"those of 2 sessions wait to be kept, the oldest of {when} ago")


def test_events_of_a_clock_that_was_ahead_are_something_to_look_at() -> None:
    world = MemoryWorld()
    write(world, "s1", -7200)

    (check,) = checker(world).checks()

    assert check.level is Level.WARN
    assert "the oldest of just now" in check.text


def test_events_that_wait_are_kept() -> None:
    world = MemoryWorld()
    world.leave("s1", {"s1.jsonl": LINES})
    write(world, "s1", 600)

    assert list(checker(world).mend()) == ["kept what hooks wrote down of 1 session"]
    assert trace_of("s1") in world.records()
    assert [check.level for check in checker(world).checks()] == [Level.OK]


def test_events_that_still_wait_are_not_told_as_kept() -> None:
    world = MemoryWorld()
    world.spool.write(SessionId("s1"), event_line("s1", "UserPromptSubmit"))

    assert list(checker(world).mend()) == []
    assert len(world.spool.waiting()) == 1


def test_events_that_name_no_session_are_told_and_left() -> None:
    world = MemoryWorld()
    write(world, "unknown", 300)

    first, second = checker(world).checks()

    assert first == Check("events", Level.OK, "none waits to be kept")
    assert second.level is Level.WARN
    assert second.text == "some name no session, the last of 5 minutes ago"
    assert "spool/unknown" in (second.advice or "")
    assert list(SpoolChecker((world.spool,), world.clock, frozenset(), never).mend()) == []


def test_events_that_anybody_may_have_written_are_told_apart_after_a_day() -> None:
    world = MemoryWorld()
    forgeable = frozenset((Agent.CLAUDE_CODE,))
    look = SpoolChecker((world.spool,), world.clock, forgeable, never)
    write(world, "s1", 86_401)
    write(world, "s2", 86_399)

    due, stray = look.checks()

    assert due.text.startswith("those of 1 session wait to be kept, the oldest of 23 hours ago")
    assert stray.level is Level.WARN
    assert stray.text == "some of 1 session lie in repositories for more than a day"
    assert (stray.advice or "").endswith("is of no session on this machine: see spool/s1")
