"""From what hooks wrote down to kept traces, edge to edge."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest

from opentraces.adapters.memory.clock import FixedClock
from opentraces.adapters.memory.sessions import MemorySessions
from opentraces.adapters.memory.spool import MemoryEventSpool
from opentraces.application.ingest_events import IngestEvents
from opentraces.domain.errors import SourceUnreadable
from opentraces.domain.hook_facts import HookFacts
from opentraces.domain.ids import SessionId, TraceId
from opentraces.domain.session import FoundSession, Scope, SourceFile
from opentraces.domain.skipping import DELETED, NOTHING_SAID
from tests.memory_world import FOLDER, MemoryWorld, event_line, trace_of
from tests.transcript_lines import answered, typed

MAIN = typed("Fix it", at=0) + answered("Done", at=5)
MORE = typed("And more", at=9) + answered("Yes", at=12)
HOOKS = "hooks/s1.jsonl"


class Killed(Exception):
    """The process is no more."""


class MortalSpool(MemoryEventSpool):
    """Kills who clears it as long as `is_deadly`."""

    is_deadly = False

    def clear(self, session: SessionId, length: int) -> bool:
        if self.is_deadly:
            raise Killed
        return super().clear(session, length)


class WatchedSessions(MemorySessions):
    """Counts what is read, and tells when somebody looks or reads."""

    def __init__(self) -> None:
        super().__init__()
        self.read_bytes = 0
        self.looks = 0
        self.on_look: Callable[[int], None] = lambda look: None
        self.on_read: Callable[[], None] = lambda: None
        self.on_end: Callable[[], None] = lambda: None

    def discover(self, scope: Scope) -> Iterator[FoundSession]:
        self.looks += 1
        self.on_look(self.looks)
        return super().discover(scope)

    def read(self, file: SourceFile, offset: int) -> Iterator[bytes]:
        self.on_read()
        for piece in super().read(file, offset):
            self.read_bytes += len(piece)
            yield piece
        self.on_end()


class WatchedClock(FixedClock):
    """Tells how long was waited when somebody waits."""

    def __init__(self) -> None:
        super().__init__()
        self.waited = 0.0
        self.on_wait: Callable[[], None] = lambda: None

    def wait(self, seconds: float) -> None:
        super().wait(seconds)
        self.waited += seconds
        self.on_wait()


class Live(MemoryWorld):
    """A machine on which `s1` is being worked on."""

    def __init__(self, spool: MemoryEventSpool | None = None) -> None:
        self.watched = WatchedSessions()
        super().__init__(agent=self.watched, spool=spool)
        self.clock: WatchedClock = WatchedClock()
        self.leave("s1", {"s1.jsonl": MAIN})

    def is_waiting(self) -> bool:
        return bool(self.spool.waiting())


def told(world: MemoryWorld) -> None:
    world.tell("s1", "Stop")


def once(action: Callable[[], object]) -> Callable[[], None]:
    """Return what does something the first time it is called."""
    left = [action]

    def call() -> None:
        if left:
            left.pop()()

    return call


def test_events_are_kept_with_their_session_and_taken_away() -> None:
    world = Live()
    lines = world.tell("s1", "UserPromptSubmit") + world.tell("s1", "Stop")

    [done] = world.ingest("s1")

    assert (done.session, dict(done.events)) == ("s1", {"Stop": 1, "UserPromptSubmit": 1})
    assert (done.imported.kept, done.imported.failed, done.is_left) == (1, [], False)
    assert world.restored("s1") == {"s1.jsonl": MAIN, HOOKS: lines}
    assert not world.is_waiting()
    assert world.record("s1").metadata["hooks"]["events"] == {"Stop": 1, "UserPromptSubmit": 1}


def test_without_events_nothing_is_done() -> None:
    world = Live()

    assert world.ingest("s1") == world.ingest() == []
    assert (world.records(), world.watched.looks, world.clock.waited) == ({}, 0, 0)


def test_event_that_was_cut_short_is_kept_too() -> None:
    world = Live()
    line = world.tell("s1", "Stop")
    world.spool.write(SessionId("s1"), line[:30])

    world.ingest("s1")

    assert world.restored("s1")[HOOKS] == line + line[:30] + b"\n"
    assert world.record("s1").metadata["hooks"]["bad_lines"] == 1
    assert not world.is_waiting()


def test_each_stop_adds_its_events_and_lines() -> None:
    world = Live()
    lines = world.tell("s1", "Stop")
    world.ingest("s1")
    world.agent.append("s1.jsonl", MORE)
    lines += world.tell("s1", "Stop")

    [done] = world.ingest("s1")

    assert dict(done.events) == {"Stop": 1}
    assert world.restored("s1") == {"s1.jsonl": MAIN + MORE, HOOKS: lines}
    assert [step.content for step in world.record("s1").steps] == [
        "Fix it",
        "Done",
        "And more",
        "Yes",
    ]


def test_events_of_an_unchanged_session_are_kept_too() -> None:
    world = Live()
    lines = world.tell("s1", "Stop")
    world.ingest("s1")
    lines += world.tell("s1", "PostCompact")
    world.ingest("s1")

    assert world.restored("s1") == {"s1.jsonl": MAIN, HOOKS: lines}
    assert not world.is_waiting()


def test_import_keeps_events_as_a_worker_does() -> None:
    by_import, by_worker = Live(), Live()
    line = event_line("s1", "Stop")
    for world in (by_import, by_worker):
        world.spool.write(SessionId("s1"), line)
    by_import.run()
    by_worker.ingest("s1")

    assert by_import.records() == by_worker.records()
    assert by_import.restored("s1") == by_worker.restored("s1") == {"s1.jsonl": MAIN, HOOKS: line}
    assert not by_import.is_waiting()


# A run that is killed between keeping events and taking them away.


@pytest.mark.parametrize("later", [[], ["Stop"], ["PostCompact", "Stop"]])
@pytest.mark.parametrize("grown", [b"", MORE])
def test_events_that_were_kept_by_a_killed_run_are_kept_once(
    later: list[str], grown: bytes
) -> None:
    spool = MortalSpool()
    world = Live(spool)
    world.tell("s1", "UserPromptSubmit")
    world.ingest("s1")
    first = world.restored("s1")[HOOKS]
    lines = world.tell("s1", "UserPromptSubmit") + world.tell("s1", "Stop")
    spool.is_deadly = True
    with pytest.raises(Killed):
        world.ingest("s1")
    spool.is_deadly = False
    lines += b"".join(world.tell("s1", name) for name in later)
    world.agent.append("s1.jsonl", grown)

    world.ingest("s1")

    assert world.restored("s1") == {"s1.jsonl": MAIN + grown, HOOKS: first + lines}
    assert not world.is_waiting()


def test_events_that_came_back_after_they_were_taken_away_are_kept_once() -> None:
    world = Live()
    lines = world.tell("s1", "PostCompact") + world.tell("s1", "Stop")
    world.ingest("s1")
    world.spool.write(SessionId("s1"), lines, world.clock.now())

    world.ingest("s1")

    assert world.restored("s1")[HOOKS] == lines
    assert not world.is_waiting()


def test_same_events_with_the_same_stamp_are_taken_away() -> None:
    world = Live()
    line = world.tell("s1", "Stop")
    world.ingest("s1")
    world.spool.write(SessionId("s1"), line)

    world.ingest("s1")

    assert world.restored("s1")[HOOKS] == line
    assert not world.is_waiting()


def test_import_after_a_killed_worker_keeps_events_once() -> None:
    spool = MortalSpool()
    world = Live(spool)
    line = world.tell("s1", "Stop")
    spool.is_deadly = True
    with pytest.raises(Killed):
        world.ingest("s1")
    spool.is_deadly = False

    world.run()

    assert world.restored("s1")[HOOKS] == line
    assert not world.is_waiting()


# Rounds.


def test_event_that_comes_while_others_are_kept_is_taken_up() -> None:
    world = Live()
    lines = [world.tell("s1", "Stop")]
    world.watched.on_read = once(lambda: lines.append(world.tell("s1", "Stop")))

    world.ingest("s1")

    assert world.restored("s1")[HOOKS] == b"".join(lines)
    assert not world.is_waiting()


def test_event_that_comes_after_others_were_kept_has_a_round_of_its_own() -> None:
    world = Live()
    lines = [world.tell("s1", "Stop")]
    world.clock.on_wait = once(lambda: lines.append(world.tell("s1", "SessionEnd")))

    done = world.ingest("s1")

    assert [dict(each.events) for each in done] == [{"Stop": 1}, {"SessionEnd": 1}]
    assert world.restored("s1")[HOOKS] == b"".join(lines)
    assert not world.is_waiting()


def ended(world: MemoryWorld) -> None:
    """Let the agent write its last lines and end."""
    world.agent.append("s1.jsonl", MORE)
    world.tell("s1", "SessionEnd")


def test_end_that_comes_with_late_lines_is_an_end() -> None:
    world = Live()
    left_around(world, 1)
    world.tell("s1", "Stop")
    world.clock.on_wait = once(lambda: ended(world))

    world.ingest("s1")

    assert world.records().keys() == {trace_of("s1"), trace_of("t01")}
    assert not world.catch_up.is_needed()


def test_end_that_comes_while_the_transcript_is_waited_for_is_an_end() -> None:
    world = Live()
    left_around(world, 1)
    world.agent.remove("s1.jsonl")
    world.tell("s1", "Stop")
    world.clock.on_wait = once(lambda: ended(world))

    world.ingest("s1")

    assert world.records().keys() == {trace_of("s1"), trace_of("t01")}


def test_event_whose_own_worker_found_the_lease_taken_is_taken_up() -> None:
    class LateSpool(MemoryEventSpool):
        """An event comes where a lease was taken for nothing, before it is let go."""

        @contextmanager
        def lease(self, session: SessionId) -> Iterator[None]:
            with super().lease(session):
                was_empty = not self.waiting()
                yield
                if was_empty:
                    self.write(session, event_line(session, "Stop"))

    world = Live(LateSpool())
    world.tell("s1", "Stop")

    world.ingest("s1")

    assert not world.is_waiting()


def test_worker_ends_though_events_never_do() -> None:
    world = Live()
    world.tell("s1", "Stop")
    world.clock.on_wait = lambda: told(world)

    done = world.ingest("s1")

    assert 2 < len(done) < 100
    assert world.is_waiting()


def test_lines_that_an_agent_writes_after_its_event_are_kept_by_the_same_run() -> None:
    world = Live()
    world.tell("s1", "Stop")
    late = [typed("Late", at=20), answered("Later", at=21)]

    def write() -> None:
        if late:
            world.agent.append("s1.jsonl", late.pop(0))

    world.clock.on_wait = write

    done = world.ingest("s1")

    assert len(done) == 1
    assert [step.content for step in world.record("s1").steps][2:] == ["Late", "Later"]
    assert world.clock.waited < 2


def test_worker_ends_though_an_agent_never_stops_writing() -> None:
    world = Live()
    world.tell("s1", "Stop")
    world.clock.on_wait = lambda: world.agent.append("s1.jsonl", typed("x", at=30, uuid="x"))

    world.ingest("s1")

    assert world.clock.waited < 60
    assert not world.is_waiting()


def test_import_takes_no_event_away_whose_lines_it_has_not_read() -> None:
    world = Live()
    world.tell("s1", "UserPromptSubmit")

    def go_on() -> None:
        world.agent.append("s1.jsonl", MORE)
        world.tell("s1", "Stop")

    world.watched.on_end = once(go_on)
    world.run()

    assert world.is_waiting()
    world.ingest()
    assert world.restored("s1")["s1.jsonl"] == MAIN + MORE
    assert world.record("s1").metadata["hooks"]["events"] == {"Stop": 1, "UserPromptSubmit": 1}


@pytest.mark.parametrize("event", ["Stop", "SessionEnd"])
def test_worker_takes_no_event_away_whose_lines_it_has_not_read(event: str) -> None:
    world = Live()
    world.tell("s1", "UserPromptSubmit")
    world.ingest("s1")
    some = typed("Some", at=7)
    world.agent.append("s1.jsonl", some)
    world.tell("s1", event)

    def go_on() -> None:
        world.agent.append("s1.jsonl", MORE)
        world.tell("s1", "PostCompact")

    world.watched.on_end = once(go_on)
    world.ingest("s1")

    assert world.restored("s1")["s1.jsonl"] == MAIN + some + MORE
    assert len(world.restored("s1")[HOOKS].splitlines()) == 3


# Leases.


def test_events_that_another_process_keeps_are_left_to_it() -> None:
    world = Live()
    world.tell("s1", "Stop")

    with world.spool.lease(SessionId("s1")):
        assert world.ingest("s1") == []

    assert world.is_waiting()
    assert world.records() == {}
    assert len(world.ingest("s1")) == 1


def test_import_leaves_events_to_the_process_that_keeps_them() -> None:
    world = Live()
    line = world.tell("s1", "Stop")

    with world.spool.lease(SessionId("s1")):
        assert world.run().kept == 1

    assert world.restored("s1") == {"s1.jsonl": MAIN}
    world.ingest()
    assert world.restored("s1") == {"s1.jsonl": MAIN, HOOKS: line}


def test_no_event_is_lost_when_a_worker_begins_while_an_import_ends() -> None:
    class BusySpool(MemoryEventSpool):
        """A worker begins, and another event comes, right before events are taken away."""

        before: Callable[[], None] = staticmethod(lambda: None)

        def clear(self, session: SessionId, length: int) -> bool:
            self.before()
            return super().clear(session, length)

    spool = BusySpool()
    world = Live(spool)
    lines = [world.tell("s1", "PostCompact"), world.tell("s1", "Stop")]

    def meanwhile() -> None:
        world.ingest("s1")
        lines.append(world.tell("s1", "Stop"))

    spool.before = once(meanwhile)
    world.run()
    world.ingest()

    assert world.restored("s1")[HOOKS] == b"".join(lines)
    assert not world.is_waiting()


# A session's own files.


def test_transcript_that_is_not_there_yet_is_waited_for() -> None:
    world = Live()
    world.agent.remove("s1.jsonl")
    world.tell("s1", "UserPromptSubmit")

    def look(number: int) -> None:
        if number == 50:
            world.agent.replace("s1.jsonl", MAIN)

    world.watched.on_look = look
    [done] = world.ingest("s1")

    assert (done.is_left, done.imported.kept) == (False, 1)
    assert "s1.jsonl" in world.restored("s1")
    assert 4 < world.clock.waited < 6


def test_transcript_that_can_not_be_read_yet_is_waited_for() -> None:
    world = Live()
    world.tell("s1", "UserPromptSubmit")

    def look(number: int) -> None:
        if number < 3:
            raise SourceUnreadable("s1.jsonl")

    world.watched.on_look = look

    assert [done.imported.kept for done in world.ingest("s1")] == [1]


def test_events_of_a_session_that_may_still_leave_a_file_wait() -> None:
    world = Live()
    world.agent.remove("s1.jsonl")
    line = world.tell("s1", "UserPromptSubmit")

    [done] = world.ingest("s1")

    assert (done.is_left, dict(done.events)) == (True, {"UserPromptSubmit": 1})
    assert world.records() == {}
    assert b"".join(world.spool.read(SessionId("s1"), 0)) == line


def test_backlog_of_a_session_without_a_file_costs_no_time() -> None:
    world = Live()
    world.agent.remove("s1.jsonl")
    world.tell("s1", "UserPromptSubmit")

    assert [done.is_left for done in world.ingest()] == [True]
    assert world.clock.waited == 0


@pytest.mark.parametrize(
    "closing", ["Stop", "StopFailure", "SubagentStop", "PreCompact", "SessionEnd"]
)
def test_events_of_a_session_that_left_no_file_are_kept_alone(closing: str) -> None:
    world = Live()
    world.agent.remove("s1.jsonl")
    lines = world.tell("s1", "UserPromptSubmit") + world.tell("s1", closing)

    [done] = world.ingest("s1")

    assert [left.reason for left in done.imported.skipped] == [NOTHING_SAID]
    assert world.restored("s1") == {HOOKS: lines}
    assert not world.is_waiting()


def test_session_whose_events_were_kept_first_is_the_same_trace() -> None:
    late, whole = Live(), Live()
    late.agent.remove("s1.jsonl")
    line = late.tell("s1", "Stop")
    late.ingest("s1")
    late.agent.replace("s1.jsonl", MAIN)
    late.run()
    whole.spool.write(SessionId("s1"), line)
    whole.run()

    assert late.records() == whole.records()
    assert late.restored("s1") == whole.restored("s1")
    assert late.query("fix").total == 1


def test_events_that_do_not_say_where_their_session_is_are_kept_alone() -> None:
    world = Live()
    line = world.tell("s1", "Stop", transcript_path=None)

    world.ingest("s1")

    assert world.restored("s1") == {HOOKS: line}
    world.run()
    assert world.restored("s1") == {"s1.jsonl": MAIN, HOOKS: line}


def test_transcript_that_vanished_stays_kept_and_so_do_its_last_events() -> None:
    world = Live()
    lines = world.tell("s1", "Stop")
    world.ingest("s1")
    world.agent.remove("s1.jsonl")
    lines += world.tell("s1", "SessionEnd")

    world.ingest("s1")

    assert world.restored("s1") == {"s1.jsonl": MAIN, HOOKS: lines}
    assert [step.content for step in world.record("s1").steps] == ["Fix it", "Done"]
    assert not world.is_waiting()


@pytest.mark.parametrize("event", ["Stop", "SessionEnd"])
def test_transcript_that_was_emptied_stays_kept(event: str) -> None:
    world = Live()
    world.tell("s1", "Stop")
    world.ingest("s1")
    world.agent.append("s1.jsonl", MORE)
    world.tell("s1", "Stop")
    world.ingest("s1")
    world.agent.replace("s1.jsonl", b"")
    world.tell("s1", event)

    world.ingest("s1")

    assert len(world.record("s1").steps) == 4
    assert world.restored("s1")["s1.jsonl"] == MAIN + MORE


def test_events_of_a_session_that_fails_wait() -> None:
    world = Live()
    world.tell("s1", "Stop")

    def fail() -> None:
        raise SourceUnreadable("s1.jsonl: Permission denied")

    world.watched.on_read = fail
    [done] = world.ingest("s1")

    assert [left.reason for left in done.imported.failed] == ["s1.jsonl: Permission denied"]
    assert world.is_waiting()


# Other sessions.


def test_events_of_a_deleted_trace_are_dropped() -> None:
    world = Live()
    world.tell("s1", "Stop")
    world.ingest("s1")
    world.delete("s1")
    world.tell("s1", "Stop")

    [done] = world.ingest("s1")

    assert [left.reason for left in done.imported.skipped] == [DELETED]
    assert not world.is_waiting()
    assert world.records() == {}


def test_import_drops_events_of_a_deleted_trace() -> None:
    world = Live()
    world.run()
    world.delete("s1")
    world.tell("s1", "Stop")

    world.run()

    assert not world.is_waiting()


def test_events_of_no_known_session_are_left() -> None:
    world = Live()
    world.tell("unknown", "Stop")

    assert world.ingest() == []
    assert world.is_waiting()


def test_backlog_of_other_sessions_is_taken_up_after_ones_own() -> None:
    world = Live()
    for session in ("s0", "s2"):
        text = typed("Other", at=0, session=session, uuid=session)
        world.leave(session, {f"{session}.jsonl": text})
        world.tell(session, "UserPromptSubmit")
    world.tell("s1", "Stop")

    done = world.ingest("s1")

    assert [each.session for each in done] == ["s1", "s0", "s2"]
    assert len(world.records()) == 3
    assert not world.is_waiting()


def test_backlog_that_another_process_is_at_hinders_nobody() -> None:
    world = Live()
    world.tell("s0", "Stop")
    world.tell("s1", "Stop")

    with world.spool.lease(SessionId("s0")):
        done = world.ingest()

    assert [each.session for each in done] == ["s1"]


# What an event makes of a growing session.


def test_stop_costs_no_more_in_a_long_session_than_in_a_short_one() -> None:
    world = Live()
    costs = []
    for number in range(50):
        lines = [typed(f"{number} {'word ' * 40}", at=n, uuid=f"{number}-{n}") for n in range(20)]
        world.agent.append("s1.jsonl", b"".join(lines))
        world.tell("s1", "Stop")
        before = world.watched.read_bytes
        world.ingest("s1")
        costs.append(world.watched.read_bytes - before)

    assert costs[49] <= 2 * costs[4]
    assert costs[49] >= len(b"".join(lines))
    assert len(world.record("s1").steps) == 2 + 50 * 20


def changed_within(world: Live) -> None:
    """Grow by two Stops, then let the agent change what it wrote before the first."""
    for more in (b"", MORE):
        world.agent.append("s1.jsonl", more)
        world.tell("s1", "Stop")
        world.ingest("s1")
    world.agent.replace("s1.jsonl", MAIN.replace(b"Fix it", b"Fax it") + MORE)


def test_stop_does_not_see_a_change_far_before_the_end() -> None:
    world = Live()
    changed_within(world)
    world.tell("s1", "Stop")

    world.ingest("s1")

    assert world.record("s1").generation_index == 0
    assert world.restored("s1")["s1.jsonl"] == MAIN + MORE


def test_end_of_a_session_compares_all_of_it() -> None:
    world = Live()
    changed_within(world)
    world.tell("s1", "SessionEnd")

    world.ingest("s1")

    assert world.record("s1").generation_index == 1
    assert world.restored("s1")["s1.jsonl"] == MAIN.replace(b"Fix it", b"Fax it") + MORE
    assert world.query("fax").total == 1


def test_session_that_ended_is_found_at_once() -> None:
    world = Live()
    world.tell("s1", "SessionEnd")
    world.ingest("s1")

    assert world.query("fix").total == 1
    assert not world.catch_up.is_needed()


def test_stopped_session_is_found_after_who_searches_has_caught_up() -> None:
    world = Live()
    world.agent.append("s1.jsonl", b"".join(typed(f"x{n}", at=20 + n) for n in range(60)))
    world.tell("s1", "Stop")
    world.ingest("s1")
    world.agent.append("s1.jsonl", typed("Zebra", at=90))
    world.tell("s1", "Stop")
    world.ingest("s1")

    world.catch_up.execute()

    assert world.query("zebra").total == 1
    assert not world.markers.marked()


def left_around(world: Live, number: int, size: int = 1, folder: str = FOLDER) -> None:
    """Let the agent leave a session that no hook told of."""
    session = f"t{number:02d}"
    text = typed("Unseen " + "x" * size, at=0, session=session, uuid=session)
    world.leave(session, {f"{session}.jsonl": text})
    found = next(each for each in world.agent.discover(Scope()) if each.session == session)
    world.agent.add(found, {}, folder)


def test_end_of_a_session_keeps_others_of_its_folder_that_no_hook_told_of() -> None:
    world = Live()
    left_around(world, 1)
    left_around(world, 2, folder="/home/dev/widgets/below")
    left_around(world, 3, folder="/home/dev/elsewhere")
    world.tell("s1", "SessionEnd")

    world.ingest("s1")

    assert world.records().keys() == {trace_of(each) for each in ("s1", "t01", "t02")}


def test_stop_keeps_no_other_session() -> None:
    world = Live()
    left_around(world, 1)
    world.tell("s1", "Stop")

    world.ingest("s1")

    assert world.records().keys() == {trace_of("s1")}


def test_end_of_a_session_keeps_a_bounded_number_of_others() -> None:
    world = Live()
    for number in range(40):
        left_around(world, number)
    world.tell("s1", "SessionEnd")

    world.ingest("s1")

    assert 10 <= len(world.records()) <= 20
    world.tell("s1", "SessionEnd")
    world.ingest("s1")
    assert len(world.records()) > 20


def test_end_of_a_session_leaves_a_giant_to_an_import_and_keeps_what_is_behind_it() -> None:
    world = Live()
    left_around(world, 1, size=70_000_000)
    left_around(world, 2)
    world.tell("s1", "SessionEnd")

    world.ingest("s1")

    assert world.records().keys() == {trace_of("s1"), trace_of("t02")}


def test_session_that_does_not_say_its_folder_looks_at_no_other() -> None:
    world = Live()
    left_around(world, 1)
    world.tell("s1", "SessionEnd", cwd=None)

    world.ingest("s1")

    assert world.records().keys() == {trace_of("s1")}


def test_clock_of_these_tests_stands_still_but_for_waits() -> None:
    clock = WatchedClock()
    before = clock.now()
    clock.wait(2)

    assert clock.now() - before == timedelta(seconds=2)


def test_a_command_whose_end_is_told_alone_was_made_after_the_last_event_that_was_kept() -> None:
    world = MemoryWorld()
    world.leave("s1", {"s1.jsonl": MAIN})
    since = list[int]()

    def follow(trace: TraceId, facts: HookFacts, is_over: bool) -> None:
        since.append(facts.began)

    def at(line: bytes) -> int:
        moment: int = json.loads(line)["at"]
        return moment

    worker = IngestEvents(
        world.spool, world.sessions, world.events, world.imports, world.clock, follow=follow
    )
    started = world.tell("s1", "SessionStart")
    stopped = world.tell("s1", "SubagentStop")
    list(worker.one(SessionId("s1")))
    world.tell("s1", "PostToolUse", tool_name="Bash", tool_use_id="c1")
    world.tell("s1", "Stop")
    list(worker.one(SessionId("s1")))
    prompted = world.tell("s1", "UserPromptSubmit")
    list(worker.one(SessionId("s1")))

    assert since == [at(started), at(stopped), at(prompted)]
