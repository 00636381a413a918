"""What sessions did to files is noted as they are kept, and again when that is lost."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from opentraces.adapters.claude_code.parser import ClaudeCodeParser
from opentraces.adapters.memory.traces import MemoryTraceStore
from opentraces.application.index_traces import IndexTraces
from opentraces.domain.envelope import Envelope
from opentraces.domain.errors import Busy, Corrupt, StorageUnavailable
from opentraces.domain.ids import TraceId
from opentraces.domain.trail.events import Anchored, StateObserved, TrailEvent
from opentraces.domain.trail.file_change import FileChange
from opentraces.domain.trail.history import CommitId
from opentraces.domain.trail.noted import NotedCredit, NotedTrace, Searched
from opentraces.domain.trail.worktree import WorktreeSigns
from opentraces.ports.parsing import TraceParser
from tests.contracts.samples import keep_trail, patch
from tests.memory_world import MemoryWorld, trace_of
from tests.transcript_lines import answered, typed

S1, S2 = trace_of("s1"), trace_of("s2")
MAIN = typed("Fix it", at=0) + answered("Done", at=5)
OTHER = typed("Sew it", at=0, session="s2") + answered("Sewn", at=6, session="s2")
REPOSITORY = "4b" * 20
SIGNS = WorktreeSigns(path="/home/dev/widgets", root_commit=REPOSITORY)
COMMIT = CommitId("1a" * 20)


class Reading(MemoryWorld):
    """A world that writes down from where on which trail is read to be noted."""

    def __init__(self, parser: TraceParser | None = None) -> None:
        super().__init__(parser=parser)
        self.read: list[tuple[TraceId, int]] = []
        self.damaged: set[TraceId] = set()
        self._trail = self.traces.trail
        self.traces.trail = self._read  # type: ignore[method-assign]
        indexing = IndexTraces(MemoryTraceStore(self.bucket))
        self.catch_up = replace(self.catch_up, index_traces=indexing)
        self.imports = replace(self.imports, catch_up=self.catch_up)

    @property
    def noted(self) -> dict[TraceId, NotedTrace]:
        return dict(self.trails.known([S1, S2]))

    @property
    def found(self) -> list[NotedCredit]:
        return list(self.trails.credits(REPOSITORY, None, None))

    def place(self, trace: TraceId = S1) -> None:
        self.writer.revise(trace, lambda header: header.but(worktree=SIGNS))

    def settle(self) -> None:
        """Finish what is behind, and forget what was read for it."""
        self.catch_up.execute()
        assert not self.catch_up.is_needed()
        self.read.clear()

    def _read(self, envelope: Envelope, offset: int = 0) -> Iterator[TrailEvent]:
        self.read.append((envelope.trace_id, offset))
        if envelope.trace_id in self.damaged:
            raise Corrupt("the trail is damaged")
        return self._trail(envelope, offset)


@pytest.fixture
def world() -> Reading:
    """Two sessions are kept; the first did something to a file."""
    world = Reading(ClaudeCodeParser())
    world.leave("s1", {"s1.jsonl": MAIN})
    world.leave("s2", {"s2.jsonl": OTHER})
    world.run()
    keep_trail(world.writer, S1, patch(1))
    world.place()
    world.settle()
    return world


def anchored(number: int, *lines: tuple[int, int]) -> Anchored:
    return Anchored(
        patch_id=f"{number:064x}",
        repository=REPOSITORY,
        commit=COMMIT,
        committed="2026-11-01T12:00:00Z",
        path="a.py",
        blob="c" * 40,
        tier="exact_range_hash",
        lines=lines,
    )


def credit(first: int, last: int, step: int = 1) -> NotedCredit:
    return NotedCredit(
        commit=COMMIT,
        path="a.py",
        first=first,
        last=last,
        trace=S1,
        step_index=step,
        call="c",
        patch=f"{1:064x}",
        tier="exact_range_hash",
        committed="2026-11-01T12:00:00Z",
    )


def test_a_trail_is_noted_with_where_its_session_began(world: Reading) -> None:
    envelope = world.traces.envelope(S1)

    assert world.noted == {
        S1: NotedTrace(
            trace=S1,
            repository=REPOSITORY,
            worktree=SIGNS.path,
            commit=envelope.commit,
            first=0,
            paths=frozenset(("/w/a.py",)),
            trail_generation=0,
            trail_length=envelope.trail_length,
        )
    }
    assert envelope.trail_length > 0


def test_what_was_seen_and_what_was_moved_is_noted(world: Reading) -> None:
    moved = patch(2).but(change=FileChange(call=None, path="/n", moved_from="/o", operation="edit"))
    seen = StateObserved(step_index=2, change=FileChange(call="d", path="/s", operation="read"))
    keep_trail(world.writer, S1, moved, seen)

    world.settle()

    assert world.noted[S1].paths == {"/w/a.py", "/n", "/o", "/s"}


@pytest.mark.parametrize("moments", [(), (None,), (0,), (7, 5, None)])
def test_the_first_change_is_the_earliest_of_which_it_is_known(
    world: Reading, moments: tuple[int | None, ...]
) -> None:
    for number, moment in enumerate(moments, 2):
        change = FileChange(call=None, path="/n", operation="edit", moment=moment)
        keep_trail(world.writer, S1, patch(number).but(change=change))
        world.settle()

    assert world.noted[S1].first == (5 if 5 in moments else 0)


def test_an_import_notes_what_it_keeps() -> None:
    world = MemoryWorld()
    world.leave("s1", {"s1.jsonl": MAIN})
    world.leave("s2", {"s2.jsonl": typed("Only", at=0, session="s2")})
    world.run()

    noted = world.trails.known([S1, S2])

    assert list(noted) == [S1]
    assert noted[S1].paths
    assert world.trails.is_complete()
    assert not world.markers.marked()

    world.agent.append("s1.jsonl", answered("More", at=9))
    world.run()

    assert world.trails.known([S1])[S1].paths > noted[S1].paths
    assert not world.markers.marked()


def test_of_a_trail_that_grew_only_what_is_new_is_read(world: Reading) -> None:
    length = world.traces.envelope(S1).trail_length
    keep_trail(world.writer, S1, patch(2, "/w/b.py"))
    world.read.clear()

    world.catch_up.execute()

    assert world.read == [(S1, length)]
    assert world.noted[S1].paths == {"/w/a.py", "/w/b.py"}
    assert world.noted[S1].commit == world.traces.envelope(S1).commit


def test_a_trail_that_did_not_grow_is_not_noted_again(world: Reading) -> None:
    before = world.noted
    world.agent.append("s1.jsonl", answered("More", at=9))
    world.read.clear()

    world.run()

    assert (world.read, world.noted) == ([], before)
    assert world.traces.envelope(S1).commit > before[S1].commit
    assert not world.markers.marked()


def test_a_worktree_that_comes_to_be_known_is_noted(world: Reading) -> None:
    keep_trail(world.writer, S2, patch(1, "/w/c.py"))
    world.settle()
    assert world.noted[S2].repository == ""

    world.place(S2)
    world.settle()

    assert [each.trace for each in world.trails.noted(REPOSITORY, [], ["c.py"])] == [S2]


def test_a_trail_that_was_begun_anew_is_read_from_its_start(world: Reading) -> None:
    keep_trail(world.writer, S1, patch(2, "/w/b.py"), anchored(1, (3, 4)))
    world.settle()
    world.trails.settle(REPOSITORY, Searched(), [(S1, 3)], [credit(3, 4)])
    with world.writer.batch() as batch:
        edit = batch.edit(S1, wait=True)
        edit.restart_trail()
        for event in (patch(1).but(step_index=2), anchored(1, (3, 4))):
            edit.append_trail(event)
        edit.commit(world.traces.envelope(S1).header)

    world.catch_up.execute()

    assert world.read == [(S1, 0)]
    assert world.noted[S1].paths == {"/w/a.py"}
    assert world.found == [credit(3, 4, step=2)]


def test_what_is_lost_is_noted_anew_with_what_was_found(world: Reading) -> None:
    keep_trail(world.writer, S1, patch(2), anchored(1, (1, 9)), anchored(2, (7, 7)))
    keep_trail(world.writer, S1, anchored(1, (3, 4), (6, 6)), anchored(2), anchored(5, (1, 1)))
    world.settle()
    before = world.noted
    world.trails.lose()
    assert world.catch_up.is_needed()

    world.settle()

    assert world.noted == before
    assert world.found == [credit(3, 4), credit(6, 6)]


def test_an_import_notes_anew_what_is_lost(world: Reading) -> None:
    before = world.noted
    world.trails.lose()
    world.agent.append("s2.jsonl", answered("More", at=9, session="s2"))

    assert world.run().behind is None

    assert world.noted == before
    assert world.trails.is_complete()


def test_the_first_import_reads_each_trail_once() -> None:
    world = Reading()
    world.leave("s1", {"s1.jsonl": MAIN})
    world.leave("s2", {"s2.jsonl": OTHER})

    world.run()

    assert world.trails.is_complete()
    assert sorted(world.read) == sorted([(S1, 0), (S2, 0)])


def test_a_trace_that_is_deleted_is_forgotten(world: Reading) -> None:
    world.trails.settle(REPOSITORY, Searched(), [], [credit(1, 2)])

    world.delete("s1")

    assert (world.noted, world.found) == ({}, [])
    assert not world.markers.marked()


def test_a_session_that_is_no_trace_is_not_noted(world: Reading) -> None:
    world.writer.revise(S1, lambda header: header.but(skipped="nothing"))

    world.settle()

    assert world.noted == {}


def test_a_trail_that_is_damaged_hinders_no_other_and_stays_marked(world: Reading) -> None:
    before = world.noted
    world.damaged.add(S1)
    keep_trail(world.writer, S1, patch(2, "/w/b.py"))
    keep_trail(world.writer, S2, patch(1, "/w/c.py"))

    world.catch_up.execute()

    assert world.noted[S2].paths == {"/w/c.py"}
    assert world.noted[S1] == before[S1]
    assert world.markers.marked() == (S1,)

    world.damaged.clear()
    world.settle()
    assert world.noted[S1].paths == {"/w/a.py", "/w/b.py"}


def test_what_a_later_release_wrote_is_noted_by_it(world: Reading) -> None:
    before = world.noted
    world.trails.lose()
    world.bucket.later.add(S1)
    world.catch_up.execute()
    assert (world.noted, world.markers.marked()) == ({}, (S1,))

    world.bucket.later.clear()
    world.settle()

    assert world.noted == before


def test_of_a_bucket_that_may_only_be_read_nothing_is_noted(world: Reading) -> None:
    world.trails.lose()
    reading = replace(world.catch_up, may_settle=False)
    assert not reading.is_needed()

    reading.execute()

    assert not world.trails.is_complete()


@pytest.mark.parametrize("error", [Busy("held"), StorageUnavailable("full")])
def test_what_cannot_be_noted_is_behind_until_it_can(
    world: Reading, monkeypatch: pytest.MonkeyPatch, error: StorageUnavailable
) -> None:
    def fail(*_: object) -> None:
        raise error

    keep_trail(world.writer, S1, patch(2, "/w/b.py"))
    world.agent.append("s1.jsonl", answered("Zebra", at=9))
    with monkeypatch.context() as patched:
        patched.setattr(world.trails, "note", fail)
        assert world.run().behind
        assert world.query("zebra").total == 1
        assert world.markers.marked() == (S1,)
        assert world.catch_up.attempt()
        assert world.markers.marked() == (S1,)

    world.settle()
    assert world.noted[S1].paths == {"/w/a.py", "/w/b.py"}


@pytest.mark.parametrize("name", ["is_complete", "renew"])
def test_what_cannot_be_noted_anew_is_behind_until_it_can(
    world: Reading, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    def fail(*_: object) -> None:
        raise StorageUnavailable("full")

    world.trails.lose()
    world.agent.append("s1.jsonl", answered("Zebra", at=9))
    with monkeypatch.context() as patched:
        patched.setattr(world.trails, name, fail)
        assert world.run().behind == "full"
        assert world.query("zebra").total == 1
        assert world.markers.marked() == (S1,)

    world.settle()
    assert world.noted[S1].paths == {"/w/a.py"}


def test_a_live_session_is_noted_when_it_grew_by_a_share() -> None:
    world = MemoryWorld()
    world.leave("s1", {"s1.jsonl": MAIN})
    world.tell("s1", "Stop")

    world.ingest()

    assert world.trails.known([S1])[S1].paths
    assert not world.markers.marked()
