from datetime import datetime, timedelta

import pytest

from opentraces.adapters.memory.clock import FixedClock
from opentraces.adapters.memory.retention import MemoryRetention
from opentraces.application.diagnosing.sessions import SessionsChecker
from opentraces.domain.health import Check, Level
from opentraces.domain.ids import SessionId
from tests.memory_world import NOW, MemoryWorld
from tests.transcript_lines import answered, typed

IMPORT = "opentraces import --all"
RULE = "the agent keeps sessions for 30 days"


def leave(world: MemoryWorld, *sessions: str) -> None:
    for name in sessions:
        lines = typed("Fix it", at=0, session=name) + answered("Done", at=5, session=name)
        world.leave(name, {f"{name}.jsonl": lines})


def checks(world: MemoryWorld, **days_ago: float) -> list[Check]:
    """Look, when sessions were written so many days ago; others are never deleted."""
    written: dict[SessionId, datetime] = {
        SessionId(name): NOW - timedelta(days=days) for name, days in days_ago.items()
    }
    checker = SessionsChecker(
        agent="claude-code",
        source=world.agent,
        kept=world.traces,
        is_deleted=world.writer.is_deleted,
        retention=MemoryRetention(written),
        clock=FixedClock(NOW),
    )
    assert list(checker.mend()) == []
    return list(checker.checks())


def test_where_the_agent_left_nothing_nothing_is_missed() -> None:
    assert checks(MemoryWorld()) == [Check("claude-code", Level.OK, "no session on this machine")]


def test_what_is_not_kept_is_counted() -> None:
    world = MemoryWorld()
    leave(world, "s1")
    assert checks(world) == [
        Check("claude-code", Level.WARN, "1 session on this machine, not kept", IMPORT)
    ]
    leave(world, "s2")
    assert checks(world)[0].text == "2 sessions on this machine, none of them kept"

    world.run()

    assert checks(world) == [
        Check("claude-code", Level.OK, "2 sessions on this machine, all of them kept")
    ]
    leave(world, "s3")
    assert checks(world)[0].text == "3 sessions on this machine, 1 of them not kept"


def test_what_is_kept_as_bytes_alone_and_what_was_deleted_is_not_missed() -> None:
    world = MemoryWorld()
    leave(world, "s1")
    world.leave("s2", {"s2.jsonl": b'{"type":"summary","summary":"x","leafUuid":"y"}\n'})
    world.run()
    world.delete("s1")

    assert [check.level for check in checks(world, s1=29)] == [Level.OK, Level.OK]


@pytest.mark.parametrize(("days", "dies"), [(0, False), (22.9, False), (23, True), (40, True)])
def test_what_the_agent_deletes_within_a_week_is_told(days: float, dies: bool) -> None:
    world = MemoryWorld()
    leave(world, "s1")
    world.run()

    about = checks(world, s1=days)[1:]

    kept = Check("claude-code", Level.OK, f"{RULE}: 1 session dies within 7 days, kept")
    assert about == ([kept] if dies else [])


def test_what_is_deleted_soon_and_not_kept_is_to_be_looked_at() -> None:
    world = MemoryWorld()
    leave(world, "s1", "s2")
    world.run()
    leave(world, "s3", "s4")

    (_, about) = checks(world, s1=29, s2=1, s3=30)

    text = f"{RULE}: 2 sessions die within 7 days, 1 of them not kept"
    assert about == Check("claude-code", Level.WARN, text, IMPORT)
