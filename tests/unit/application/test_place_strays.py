"""Sessions whose worktree is gone are placed once, by evidence, and only in their repository."""

import pytest

from opentraces.adapters.claude_code.parser import ClaudeCodeParser
from opentraces.adapters.memory.checkouts import MemoryCheckouts
from opentraces.adapters.memory.commit_log import MemoryCommitLog
from opentraces.adapters.memory.enrolments import MemoryEnrolments
from opentraces.adapters.memory.identity import MemoryRepositoryIdentity
from opentraces.adapters.memory.repository import MemoryRepository
from opentraces.adapters.memory.revisions import MemoryRevisions
from opentraces.application.open_repository import Opened
from opentraces.application.place_strays import PlaceStrays
from opentraces.domain.enrolment import Checkout, Identity, Project
from opentraces.domain.trail.worktree import WorktreeSigns
from tests.contracts.samples import keep_trail, patch
from tests.memory_world import FOLDER, MemoryWorld, trace_of
from tests.transcript_lines import answered, typed

HERE = "/w/app"
S1 = trace_of("s1")


class Place:
    """A repository, and a session that began at FOLDER, where nothing is any more."""

    def __init__(self) -> None:
        self.world = MemoryWorld(parser=ClaudeCodeParser())
        self.world.leave("s1", {"s1.jsonl": typed("Fix it", at=0) + answered("Done", at=5)})
        self.world.run()
        made = patch(1)
        change = made.change.but(path=f"{FOLDER}/a.py")
        keep_trail(self.world.writer, S1, made.but(change=change))
        self.world.catch_up.execute()
        self.repository = MemoryRepository()
        self.root = self.repository.commit({"a.py": b"1\n"}, at=1)
        self.repository.move(self.root)
        self.checkouts = MemoryCheckouts()
        self.checkouts.put(Checkout(HERE, f"{HERE}/.git", 1, 2))
        self.enrolments = MemoryEnrolments()
        self.identity = MemoryRepositoryIdentity({HERE: Identity(self.root, "example.org/a/b")})

    def enrol(self, root: str, *paths: str, former: tuple[str, ...] = ()) -> None:
        checkouts = tuple(map(Checkout, paths))
        project = Project(root, "app", root, None, ("pi",), checkouts, former=former)
        self.enrolments.update(lambda projects: (*projects, project))

    def ask(self, key: str | None = None) -> int:
        there = {HERE: self.repository}
        use = PlaceStrays(
            index=self.world.trails,
            writer=self.world.writer,
            checkouts=self.checkouts,
            enrolments=self.enrolments,
            identity=self.identity,
            log=MemoryCommitLog(there),
            revisions=MemoryRevisions(there),
        )
        opened = Opened(key or self.root, HERE, (HERE,), self.repository, f"{HERE}/.git")
        placed = use.execute(opened)
        self.world.catch_up.execute()
        return placed

    @property
    def seen(self) -> WorktreeSigns | None:
        return self.world.traces.envelope(S1).header.worktree


@pytest.fixture
def place() -> Place:
    return Place()


def test_without_evidence_nothing_is_placed_and_nobody_is_asked(place: Place) -> None:
    assert place.ask() == 0
    assert place.seen is None
    assert place.identity.asked == []


@pytest.mark.parametrize("is_former", [False, True])
def test_where_a_project_of_the_same_first_commit_was(place: Place, is_former: bool) -> None:
    place.enrol(place.root, *([HERE] if is_former else [FOLDER]), former=(FOLDER,) * is_former)

    assert place.ask() == 1
    assert place.seen == WorktreeSigns(
        path=FOLDER, root_commit=place.root, remote="example.org/a/b"
    )
    assert place.ask() == 0
    assert [each.trace for each in place.world.trails.noted(place.root, (), ["a.py"])] == [S1]


def test_a_project_of_another_first_commit_tells_nothing(place: Place) -> None:
    place.enrol("f" * 40, FOLDER)

    assert place.ask() == 0


def test_what_was_two_projects_place_is_neither_s(place: Place) -> None:
    place.enrol(place.root, HERE, former=(FOLDER,))
    place.enrol("f" * 40, FOLDER)

    assert place.ask() == 0


def test_where_something_is_again_nothing_is_told(place: Place) -> None:
    place.enrol(place.root, HERE, former=(FOLDER,))
    place.checkouts.put(Checkout(FOLDER, f"{FOLDER}/.git", 1, 3))

    assert place.ask() == 0


def test_a_repository_of_no_known_first_commit_gets_none(place: Place) -> None:
    place.enrol(place.root, HERE, former=(FOLDER,))

    assert place.ask(key=HERE) == 0


@pytest.mark.parametrize(("file", "placed"), [("a.py", 1), ("b.py", 0)])
def test_what_only_the_repository_names_needs_a_file(place: Place, file: str, placed: int) -> None:
    place.checkouts.put(Checkout(FOLDER, f"{HERE}/.git", 1, 2))
    place.checkouts.take_away(FOLDER)
    place.repository.move(place.repository.commit({file: b"2\n"}, at=2))

    assert place.ask() == placed


def test_a_trace_that_is_gone_meanwhile_is_passed_over(place: Place) -> None:
    place.enrol(place.root, HERE, former=(FOLDER,))
    place.world.writer.delete(S1)

    assert place.ask() == 0
