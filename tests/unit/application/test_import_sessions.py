"""Importing, edge to edge: what an agent left, and what is kept, counted and found of it."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace

import pytest

from opentraces.adapters.memory.index import MemoryIndex
from opentraces.adapters.memory.ledger import MemoryLedger
from opentraces.adapters.memory.spool import MemoryEventSpool
from opentraces.application.follow_up import TOGETHER
from opentraces.application.imported import Left
from opentraces.domain.errors import SourceGone, StorageUnavailable
from opentraces.domain.session import Scope
from opentraces.domain.skipping import DELETED, NOTHING_RECOGNISED, NOTHING_SAID
from opentraces.ports.index_writing import IndexUpdate
from opentraces.ports.ledger import Settling
from opentraces.ports.spool import Waiting
from tests.memory_world import MemoryWorld, trace_of
from tests.transcript_lines import answered, typed

MAIN = typed("Fix it", at=0) + answered("Done", at=5)

FORK = (
    b'{"type":"queue-operation","operation":"enqueue","timestamp":"2026-11-01T11:00:00Z",'
    b'"sessionId":"s2"}\n'
    + typed("Fix it", at=0, session="s2")
    + answered("Done", at=5, session="s2")
    + answered("Forked", at=30, session="s2")
)


def kept_world() -> MemoryWorld:
    world = MemoryWorld()
    world.leave("s1", {"s1.jsonl": MAIN})
    world.run()
    return world


def test_session_is_kept_counted_and_found() -> None:
    world = MemoryWorld()
    world.leave("s1", {"s1.jsonl": MAIN})

    done = world.run()

    assert (done.kept, done.unchanged, done.failed, done.skipped) == (1, 0, [], [])
    assert (done.lines.recognised, done.usage.responses) == (2, 1)
    assert world.query("fix").total == 1
    assert world.restored("s1") == {"s1.jsonl": MAIN}
    assert not world.markers.marked()


def test_second_import_changes_nothing() -> None:
    world = kept_world()
    before = world.records()

    done = world.run()

    assert (done.kept, done.unchanged, done.lines.recognised) == (0, 1, 0)
    assert world.records() == before
    assert world.traces.envelope(trace_of("s1")).commit == 1


def test_second_import_without_cursors_compares_and_changes_nothing() -> None:
    world = kept_world()
    world.cursors.forget()

    assert (world.run().unchanged, world.traces.envelope(trace_of("s1")).commit) == (1, 1)


def test_growth_is_appended() -> None:
    world = kept_world()
    world.agent.append("s1.jsonl", typed("Zebra too", at=9))

    done = world.run()

    assert (done.kept, done.lines.recognised, done.usage.responses) == (1, 1, 0)
    assert world.query("zebra").total == 1
    assert [step.step_index for step in world.record("s1").steps] == [1, 2, 3]
    assert world.record("s1").generation_index == 0


def test_line_without_its_newline_is_kept_and_not_read_yet() -> None:
    world = kept_world()
    line = typed("Zebra too", at=9)
    world.agent.append("s1.jsonl", line[:-1])
    world.run()

    assert world.restored("s1") == {"s1.jsonl": MAIN + line[:-1]}
    assert world.query("zebra").total == 0

    world.agent.append("s1.jsonl", b"\n")
    world.run()

    assert world.query("zebra").total == 1
    assert world.restored("s1") == {"s1.jsonl": MAIN + line}


def test_rewritten_file_is_read_anew_and_its_old_bytes_stay() -> None:
    world = kept_world()
    world.agent.replace("s1.jsonl", typed("Other words", at=1))

    world.run()

    assert world.record("s1").generation_index == 1
    assert (world.query("fix").total, world.query("other").total) == (0, 1)
    assert world.restored("s1") == {"s1.jsonl": typed("Other words", at=1)}
    envelope = world.traces.envelope(trace_of("s1"))
    assert b"".join(world.traces.source(envelope, 0, 0)) == MAIN


def test_emptied_or_vanished_file_changes_nothing() -> None:
    world = kept_world()
    before = world.records()
    world.agent.replace("s1.jsonl", b"")
    world.run()
    world.agent.remove("s1.jsonl")
    world.run()

    assert world.records() == before
    assert world.restored("s1") == {"s1.jsonl": MAIN}


def test_file_that_the_agent_moved_is_the_same_source() -> None:
    world = MemoryWorld()
    world.leave("s1", {"a/s1.jsonl": MAIN})
    world.run()
    world.agent.remove("a/s1.jsonl")
    world.leave("s1", {"b/s1.jsonl": MAIN + typed("After the move", at=9)})

    world.run()

    assert [step.content for step in world.record("s1").steps] == [
        "Fix it",
        "Done",
        "After the move",
    ]
    assert list(world.restored("s1")) == ["b/s1.jsonl"]
    assert "copied_steps" not in world.record("s1").metadata


def test_file_that_was_empty_at_first_is_no_other_file() -> None:
    world = MemoryWorld()
    world.leave("s1", {"s1.jsonl": b""})
    world.run()
    world.agent.append("s1.jsonl", MAIN)
    world.run()

    assert world.record("s1").generation_index == 0
    assert world.restored("s1") == {"s1.jsonl": MAIN}


def test_session_that_vanishes_before_it_is_read_is_no_trace() -> None:
    world = MemoryWorld()
    world.leave("s1", {"s1.jsonl": MAIN, "s1/tool-results/a.txt": b"x"})
    (found,) = world.agent.discover(Scope())
    world.agent.remove("s1.jsonl")
    world.agent.remove("s1/tool-results/a.txt")

    with world.writer.batch() as batch, pytest.raises(SourceGone, match=r"s1\.jsonl"):
        world.capture.execute(found, batch, wait=False)

    assert list(world.traces.ids()) == []


def test_session_in_which_nobody_spoke_is_kept_as_bytes_alone() -> None:
    world = MemoryWorld()
    silent = b'{"type":"mode","mode":"normal","sessionId":"s1"}\n'
    world.leave("s1", {"s1.jsonl": silent})

    for _ in range(2):
        done = world.run()
        assert (done.kept, done.unchanged) == (0, 0)
        assert [left.reason for left in done.skipped] == [NOTHING_SAID]
    assert world.restored("s1") == {"s1.jsonl": silent}

    world.agent.append("s1.jsonl", MAIN)
    assert world.run().kept == 1
    assert world.query("fix").total == 1


def test_session_of_which_nothing_is_recognised_fails_loudly_and_is_kept() -> None:
    world = MemoryWorld()
    world.leave("s1", {"s1.jsonl": b'{"type":"new-kind"}\n{"kind":"newer"}\n'})

    done = world.run()

    assert [left.reason for left in done.failed] == [NOTHING_RECOGNISED]
    assert (done.lines.unknown, done.lines.recognised) == (2, 0)
    assert world.restored("s1")


def test_a_file_of_which_nothing_is_recognised_is_told_beside_its_session() -> None:
    world = MemoryWorld()
    helper = "s1/subagents/agent-a.jsonl"
    world.leave("s1", {"s1.jsonl": MAIN, helper: b'{"type":"new-kind"}\n'})

    done = world.run()

    told = [Left(helper, NOTHING_RECOGNISED)]
    assert (done.kept, done.failed, done.alien) == (1, [], told)
    again = world.run()
    assert (again.kept, again.unchanged, again.failed, again.alien) == (0, 1, [], told)
    world.agent.append("s1.jsonl", typed("And more", at=20))
    assert (world.run().kept, world.run().alien) == (1, told)
    world.agent.append(helper, answered("Done", at=30))
    assert (world.run().alien, world.run().alien) == ([], [])


def test_deleted_trace_stays_deleted() -> None:
    world = kept_world()
    world.delete("s1")

    done = world.run()

    assert [left.reason for left in done.skipped] == [DELETED]
    assert (done.kept, world.query("fix").total, world.records()) == (0, 0, {})


def test_fork_costs_its_own_turns_only_whichever_comes_first() -> None:
    original = MAIN + typed("And more", at=20)
    worlds = []
    for order in (("s1", "s2"), ("s2", "s1")):
        world = MemoryWorld()
        for session in order:
            world.leave(session, {f"{session}.jsonl": original if session == "s1" else FORK})
            world.run()
        worlds.append(world)

    first, second = worlds
    assert first.records() == second.records()
    assert first.record("s1").metrics.total_output_tokens == 2
    assert first.record("s2").metrics.total_output_tokens == 2
    copied = first.record("s2").metadata["copied_steps"]
    assert [row["step_index"] for row in copied] == [1, 2]
    assert not first.markers.marked()
    assert not second.markers.marked()


@pytest.mark.parametrize("together", [1, TOGETHER])
@pytest.mark.parametrize("order", [("s1", "s2"), ("s2", "s1"), ("s2 s1",)])
def test_fork_is_found_by_what_it_cost_itself(order: tuple[str, ...], together: int) -> None:
    world = MemoryWorld()
    world.imports = replace(world.imports, together=together)
    for sessions in order:
        for session in sessions.split():
            world.leave(session, {f"{session}.jsonl": MAIN if session == "s1" else FORK})
        world.run()

    assert {hit.brief.session for hit in world.query("tokens:>=15").hits} == {"s1", "s2"}
    assert not world.query("tokens:>15").hits
    assert not world.markers.marked()


def test_settling_a_fork_costs_it_no_second_reading() -> None:
    world = kept_world()
    world.leave("s2", {"s2.jsonl": FORK})
    world.run()
    world.agent.append("s2.jsonl", answered("Later", at=50, session="s2"))
    world.run()

    assert world.traces.envelope(trace_of("s2")).steps_generation == 0
    assert world.record("s2").metrics.total_output_tokens == 4


def test_what_the_fork_had_copied_is_its_own_when_the_original_is_deleted() -> None:
    world = kept_world()
    world.leave(
        "s2", {"s2.jsonl": typed("Fix it", at=0, session="s2") + answered("Done", at=5) + b"\n"}
    )
    world.run()
    assert world.record("s2").metrics.total_output_tokens == 0

    world.delete("s1")

    assert world.record("s2").metrics.total_output_tokens == 2


def test_lost_index_is_built_from_the_bucket() -> None:
    world = kept_world()
    world.index.lose()
    assert world.catch_up.is_needed()

    assert world.catch_up.execute().complete
    assert world.query("fix").total == 1


@pytest.mark.parametrize("has_cursors", [True, False])
def test_lost_index_is_built_by_an_import_that_comes_first(has_cursors: bool) -> None:
    world = kept_world()
    world.leave("s2", {"s2.jsonl": typed("Fix that", at=0, session="s2")})
    world.run()
    world.index.lose()
    if not has_cursors:
        world.cursors.forget()
    world.leave("s3", {"s3.jsonl": typed("Fix those", at=0, session="s3")})
    world.agent.append("s2.jsonl", typed("Fix more", at=9, session="s2"))

    done = world.run()

    assert (done.kept, done.unchanged, done.behind) == (2, 1, None)
    found = {
        hit.brief.session: [match.ref for match in hit.matches] for hit in world.query("fix").hits
    }
    steps = {"s1": 1, "s2": 2, "s3": 1}
    assert {session: len(set(refs)) - 1 for session, refs in found.items()} == steps  # and a title
    assert not world.markers.marked()


def test_mark_that_another_process_sets_meanwhile_stays() -> None:
    world = kept_world()
    world.index.lose()

    world.catch_up.execute(lambda done, total: world.markers.mark([trace_of("s1")]))

    assert list(world.markers.marked()) == [trace_of("s1")]
    assert world.catch_up.execute().complete
    assert not world.markers.marked()


def test_steps_of_a_killed_import_are_found_although_their_trace_was_settled_since() -> None:
    world = kept_world()
    world.agent.append("s1.jsonl", typed("Zebra", at=9))
    (found,) = world.agent.discover(Scope())
    with world.writer.batch() as batch:
        world.capture.execute(found, batch, wait=False)  # and is killed before it is indexed
    senior = FORK.replace(b"T11:00:00Z", b"T09:00:00Z").replace(b'"s2"', b'"s0"')
    world.leave("s0", {"s0.jsonl": senior})

    world.run()

    assert world.record("s1").metrics.total_output_tokens == 0
    assert world.query("zebra").total == 1
    assert not world.markers.marked()


def marked_and_behind() -> MemoryWorld:
    """A trace whose last answer was kept by a run that was killed before it counted it."""
    world = kept_world()
    world.agent.append("s1.jsonl", answered("Later", at=9))
    (found,) = world.agent.discover(Scope())
    with world.writer.batch() as batch:
        captured = world.capture.execute(found, batch, wait=False)
    progress = captured.progress("1")
    assert progress is not None
    world.progress.save(trace_of("s1"), progress)
    return world


COPIED = b"".join(
    line.replace(b'"s1"', b'"s2"')
    for line in (MAIN, answered("Later", at=9), answered("Last", at=12))
)


@pytest.mark.parametrize("fork_comes", ["with the next run", "later"])
def test_answers_that_a_killed_run_left_uncounted_are_counted_once(fork_comes: str) -> None:
    world = marked_and_behind()
    world.agent.append("s1.jsonl", answered("Last", at=12))
    fork = FORK[: FORK.find(b"\n") + 1] + COPIED + answered("Forked", at=30, session="s2")
    if fork_comes == "later":
        world.run()
        assert not world.markers.marked()
    world.leave("s2", {"s2.jsonl": fork})

    world.run()

    assert world.traces.envelope(trace_of("s1")).steps_generation == 0
    assert world.record("s1").metrics.total_output_tokens == 3 * 2
    assert world.record("s2").metrics.total_output_tokens == 2
    assert len(world.record("s2").metadata["copied_steps"]) == 4
    assert world.query("later").total == world.query("last").total == 2
    assert not world.markers.marked()


def test_answers_that_a_worker_keeps_while_an_import_begins_are_counted_once() -> None:
    class BusyIndex(MemoryIndex):
        """A worker keeps more of a session, once, when an import begins to write to the index."""

        before: Callable[[], None] | None = None

        @contextmanager
        def updating(self) -> Iterator[IndexUpdate]:
            with super().updating() as update:
                before, self.before = self.before, None
                if before:
                    before()
                yield update

    index = BusyIndex()
    world = MemoryWorld(index=index)
    long = b"".join(typed(f"x{n}", at=1) for n in range(130))
    world.leave("s1", {"s1.jsonl": MAIN + long})
    world.run()

    def work() -> None:
        world.agent.append("s1.jsonl", answered("Later", at=9))
        world.tell("s1", "Stop")
        world.ingest("s1")
        assert list(world.markers.marked()) == [trace_of("s1")]
        world.agent.append("s1.jsonl", answered("Last", at=12))

    index.before = work
    world.agent.append("s1.jsonl", typed("More", at=8))
    world.run()
    fork = FORK[: FORK.find(b"\n") + 1] + COPIED + answered("Forked", at=30, session="s2")
    world.leave("s2", {"s2.jsonl": fork})
    world.run()

    assert world.record("s1").metrics.total_output_tokens == 3 * 2
    assert world.record("s2").metrics.total_output_tokens == 2
    assert not world.markers.marked()


def long_world(ledger: MemoryLedger | None = None) -> MemoryWorld:
    """A trace so long that a few lines are no share of it."""
    world = MemoryWorld(ledger=ledger)
    long = b"".join(typed(f"x{n}", at=1) for n in range(130))
    world.leave("s1", {"s1.jsonl": MAIN + long})
    world.run()
    return world


def work_on(world: MemoryWorld, *lines: bytes) -> None:
    """Let a session grow and a worker keep it."""
    world.agent.append("s1.jsonl", b"".join(lines))
    world.tell("s1", "Stop")
    world.ingest("s1")
    assert trace_of("s1") in world.markers.marked()


def assert_counted_once(world: MemoryWorld) -> None:
    """Fork the session, and check that what it answered is its own and nobody else's."""
    fork = FORK[: FORK.find(b"\n") + 1] + COPIED + answered("Forked", at=30, session="s2")
    world.leave("s2", {"s2.jsonl": fork})
    world.run()

    assert world.record("s2").metrics.total_output_tokens == 2
    assert not world.markers.marked()


def test_answers_that_a_worker_keeps_during_a_catch_up_are_counted_once() -> None:
    world = long_world()
    work_on(world, answered("Later", at=9))

    once = [answered("Last", at=12)]
    world.catch_up.execute(lambda done, total: work_on(world, once.pop()) if once else None)

    assert list(world.markers.marked()) == [trace_of("s1")]
    world.catch_up.execute()
    assert_counted_once(world)


def test_trace_that_is_deleted_during_a_catch_up_gives_back_what_its_fork_copied() -> None:
    world = long_world()
    fork = FORK[: FORK.find(b"\n") + 1] + COPIED + answered("Forked", at=30, session="s2")
    world.leave("s2", {"s2.jsonl": fork})
    work_on(world, answered("Later", at=9), answered("Last", at=12))

    def delete(done: int, total: int) -> None:
        if trace_of("s1") in world.traces.ids():
            world.writer.delete(trace_of("s1"))

    world.catch_up.execute(delete)
    world.run()

    assert world.record("s2").metrics.total_output_tokens == 4 * 2
    assert not world.markers.marked()


def test_answers_that_are_kept_before_an_older_reading_is_counted_are_counted_once() -> None:
    class BusyLedger(MemoryLedger):
        """Something happens, once, when somebody is about to count."""

        before: Callable[[], None] | None = None

        @contextmanager
        def settling(self) -> Iterator[Settling]:
            before, self.before = self.before, None
            if before:
                before()
            with super().settling() as settling:
                yield settling

    ledger = BusyLedger()
    world = long_world(ledger)

    def work() -> None:
        work_on(world, answered("Later", at=9), answered("Last", at=12))
        world.catch_up.execute()

    ledger.before = work
    helper = answered("Help", at=3, isSidechain=True, agentId="a1")
    (found,) = world.agent.discover(Scope())
    whole = b"".join(world.agent.read(found.files[0], 0))
    world.leave("s1", {"s1.jsonl": whole, "s1/subagents/agent-a1.jsonl": helper})
    world.run()

    assert_counted_once(world)


def test_lost_ledger_is_built_from_the_bucket() -> None:
    world = kept_world()
    world.leave("s2", {"s2.jsonl": FORK})
    world.run()
    before = world.records()
    world.ledger.begin_anew()

    world.cursors.forget()
    world.run()

    assert world.ledger.is_complete()
    assert world.records() == before


def test_lost_progress_costs_time_and_nothing_else() -> None:
    world, whole = kept_world(), MemoryWorld()
    world.progress.forget(trace_of("s1"))
    grown = typed("More", at=9) + answered("Yes", at=12)
    world.agent.append("s1.jsonl", grown)
    world.run()
    whole.leave("s1", {"s1.jsonl": MAIN + grown})
    whole.run()

    assert world.records() == whole.records()
    assert world.query("done").total == 1


def test_state_of_another_form_costs_time_and_nothing_else() -> None:
    world = kept_world()
    progress = world.progress.load(trace_of("s1"))
    assert progress is not None
    progress.sources[0].state = b"another form"
    world.progress.save(trace_of("s1"), progress)
    world.agent.append("s1.jsonl", typed("More", at=9))

    done = world.run()

    assert (done.kept, done.failed) == (1, [])
    assert [step.content for step in world.record("s1").steps] == ["Fix it", "Done", "More"]


def test_sub_agent_that_is_read_late_moves_into_its_place() -> None:
    helper = answered("Help", at=3, isSidechain=True, agentId="a1")
    world, whole = kept_world(), MemoryWorld()
    world.leave("s1", {"s1.jsonl": MAIN, "s1/subagents/agent-a1.jsonl": helper})
    world.run()
    whole.leave("s1", {"s1.jsonl": MAIN, "s1/subagents/agent-a1.jsonl": helper})
    whole.run()

    assert [step.content for step in world.record("s1").steps] == ["Fix it", "Help", "Done"]
    assert world.records() == whole.records()
    assert [len(hit.matches) for hit in world.query("help").hits] == [1]


def test_only_the_scope_is_looked_at() -> None:
    world = MemoryWorld()
    world.leave("s1", {"s1.jsonl": MAIN})

    assert world.run(Scope(folders=("/elsewhere",))).kept == 0
    assert world.run(Scope(folders=("/home/dev",))).kept == 1


@pytest.mark.parametrize(("padding", "role"), [(0, "Explore"), (2 << 20, "subagent")])
def test_note_is_kept_whatever_its_size_and_read_when_it_is_small(padding: int, role: str) -> None:
    world = MemoryWorld()
    helper = answered("Help", at=3, isSidechain=True, agentId="a1")
    note = b'{"agentType":"Explore"' + b" " * padding + b"}"
    files = {
        "s1.jsonl": MAIN,
        "s1/subagents/agent-a1.jsonl": helper,
        "s1/subagents/agent-a1.meta.json": note,
    }
    world.leave("s1", files)
    world.run()

    assert world.restored("s1") == files
    assert [step.agent_role for step in world.record("s1").steps] == ["main", role, "main"]


class AwaySpool(MemoryEventSpool):
    """On a disk that fails."""

    def waiting(self) -> tuple[Waiting, ...]:
        raise StorageUnavailable("/mnt/away: Input/output error")


def test_events_on_a_disk_that_may_be_away_hinder_no_import() -> None:
    world = MemoryWorld(spool=AwaySpool())
    world.leave("s1", {"s1.jsonl": typed("Fix it", at=0)})
    away = replace(world.sessions, may_be_away=True)
    find = replace(world.imports.find, source=away)

    assert replace(world.imports, find=find).execute(Scope()).kept == 1


def test_events_that_cannot_be_looked_for_are_said() -> None:
    world = MemoryWorld(spool=AwaySpool())
    world.leave("s1", {"s1.jsonl": typed("Fix it", at=0)})

    with pytest.raises(StorageUnavailable, match="/mnt/away"):
        world.run()
