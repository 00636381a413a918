"""Ranges of commits, and the sessions behind them, with all that is outside in memory."""

import pytest

from opentraces.adapters.memory.bucket import MemoryBucket
from opentraces.adapters.memory.commit_log import MemoryCommitLog
from opentraces.adapters.memory.repository import MemoryRepository
from opentraces.adapters.memory.revisions import MemoryRevisions
from opentraces.adapters.memory.text_diff import MemoryTextDiff
from opentraces.adapters.memory.traces import MemoryTraceStore
from opentraces.adapters.memory.trail_index import MemoryTrailIndex
from opentraces.application.added_lines import AddedLines
from opentraces.application.describe_range import DescribedRange, DescribeRange
from opentraces.application.find_prompts import FindPrompts
from opentraces.application.graph_trail import GraphTrail
from opentraces.application.open_repository import Opened
from opentraces.application.resolve_range import ResolveRange
from opentraces.domain.errors import BadRequest, NoSuchRevision
from opentraces.domain.ids import TraceId
from opentraces.domain.trail.history import CommitId
from opentraces.domain.trail.noted import NotedCredit, NotedTrace, NotedTrail, Searched

HERE = "/widgets"
ONE, TWO = TraceId("1" * 8), TraceId("2" * 8)


class World:
    """A repository of four commits, of which two traces wrote some lines."""

    def __init__(self) -> None:
        self.repository = MemoryRepository()
        self.opened = Opened("root", HERE, (HERE,), self.repository)
        self.commits: list[CommitId] = []
        text = b""
        for number in range(4):
            text += b"first line of %d\nsecond line of %d\n" % (number, number)
            commit = self.repository.commit(
                {"a.py": text}, self.commits[-1:], f"Change {number}", 1_000 + number
            )
            self.commits.append(commit)
        self.repository.move(self.commits[-1])
        self.index = MemoryTrailIndex()
        self.index.renew([NotedTrail(NotedTrace(each, "root", HERE, 1, 1)) for each in (ONE, TWO)])
        self.revisions = MemoryRevisions({HERE: self.repository})
        self.range = ResolveRange(self.revisions, MemoryCommitLog({HERE: self.repository}))
        self.traces = MemoryTraceStore(MemoryBucket())

    def credit(self, trace: TraceId, commit: CommitId, *lines: int, step: int = 1) -> None:
        """Credit a trace with lines of a commit."""
        found = [
            NotedCredit(commit, "a.py", line, line, trace, step, None, f"{trace}{step}", "patch_id")
            for line in lines
        ]
        self.index.settle("root", Searched(), [], found)

    def described(self, said: str) -> DescribedRange:
        """Describe a range."""
        added = AddedLines(self.revisions, MemoryTextDiff())
        use = DescribeRange(self.range, self.index, FindPrompts(self.traces), added)
        return use.execute(self.opened, said)


@pytest.fixture
def world() -> World:
    return World()


def test_a_range_is_listed_whole_and_a_name_with_what_leads_to_it(world: World) -> None:
    def listed(said: str | None) -> list[CommitId]:
        return [each.commit for each in world.range.listed(world.opened, said)]

    newest_first = world.commits[::-1]
    assert listed(f"{world.commits[1]}..HEAD") == newest_first[:2]
    assert listed("main") == listed(None) == newest_first
    assert listed(world.commits[1]) == newest_first[2:]


def test_exactly_a_name_is_its_commit(world: World) -> None:
    (only,) = world.range.exactly(world.opened, "main")

    assert only.commit == world.range.one(world.opened, "main") == world.commits[-1]


def test_one_commit_is_no_range_and_has_to_be_there(world: World) -> None:
    with pytest.raises(BadRequest, match="is a range"):
        world.range.one(world.opened, "HEAD..main")
    with pytest.raises(NoSuchRevision):
        world.range.one(world.opened, "nope")


def test_before_the_first_commit_nothing_is_listed() -> None:
    empty = MemoryRepository()
    opened = Opened(HERE, HERE, (HERE,), empty)
    use = ResolveRange(MemoryRevisions({HERE: empty}), MemoryCommitLog({HERE: empty}))

    assert use.listed(opened, None) == ()


def test_each_commit_has_its_own_sessions(world: World) -> None:
    world.credit(ONE, world.commits[3], 7)
    world.credit(TWO, world.commits[3], 8)
    world.credit(TWO, world.commits[2], 5, 6)

    graph = GraphTrail(world.range, world.index, world.traces).execute(world.opened, None)

    found = [[(part.trace, part.lines) for part in row.parts] for row in graph.rows]
    assert found == [[(ONE, 1), (TWO, 1)], [(TWO, 2)], [], []]
    assert graph.agents == {}


def test_lines_are_credited_or_nobody_s(world: World) -> None:
    world.credit(ONE, world.commits[3], 7)

    (older, newer) = world.described(f"{world.commits[1]}..HEAD").commits

    assert (newer.commit.subject, newer.credited, newer.uncredited) == ("Change 3", 1, {"a.py": 1})
    assert (older.commit.subject, older.credited, older.uncredited) == ("Change 2", 0, {"a.py": 2})
    assert (newer.added, older.added) == (2, 2)


def test_a_line_of_two_sessions_counts_once(world: World) -> None:
    world.credit(ONE, world.commits[3], 7, 8)
    world.credit(TWO, world.commits[3], 8)

    described = world.described("HEAD")

    assert (described.credited, described.added) == (2, 2)
    assert [each.part.lines for each in described.commits[0].asked] == [2, 1]


def test_a_trace_that_is_gone_has_no_prompt_and_keeps_its_lines(world: World) -> None:
    world.credit(ONE, world.commits[3], 7, step=4)

    (asked,) = world.described("HEAD").commits[0].asked

    assert (asked.prompt, asked.part.trace, asked.part.steps) == (None, ONE, (4,))
