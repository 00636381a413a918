"""What hooks noted, beside what reflogs tell."""

import pytest

from opentraces.adapters.memory.commit_notes import MemoryCommitNotes
from opentraces.adapters.memory.repository import MemoryRepository
from opentraces.application.noted_heads import NotedHeads
from opentraces.application.open_repository import Opened
from opentraces.domain.errors import StorageUnavailable
from opentraces.domain.trail.history import CommitId
from opentraces.domain.trail.noted_commits import NotedCommits
from opentraces.ports.commit_notes import CommitNotes

COMMON = "/home/me/widgets/.git"


class Rebased:
    """A repository in which two commits were made again on another base."""

    def __init__(self) -> None:
        self.repository = MemoryRepository()
        commit = self.repository.commit
        self.root = commit({"a": b"1"}, at=1)
        self.old = commit({"a": b"1", "b": b"1"}, [self.root], at=2)
        self.base = commit({"a": b"2"}, [self.root], at=3)
        self.new = commit({"a": b"2", "b": b"1"}, [self.base], at=4)
        self.repository.move(self.old)
        self.repository.move(self.new)
        self.notes = MemoryCommitNotes({COMMON: b""})

    @property
    def opened(self) -> Opened:
        return Opened("key", "/home/me/widgets", ("/home/me/widgets",), self.repository, COMMON)

    def note(self, old: CommitId, new: CommitId) -> None:
        self.notes.lines[COMMON] += f"post-rewrite - {old} {new}\n".encode()


@pytest.fixture
def place() -> Rebased:
    return Rebased()


def test_without_notes_the_reflogs_stand(place: Rebased) -> None:
    heads, noted = NotedHeads(place.notes).read(place.opened)

    assert (heads, noted) == (place.repository.heads(), NotedCommits())


def test_what_a_rebase_replaced_is_known(place: Rebased) -> None:
    place.note(place.old, place.new)
    heads, _ = NotedHeads(place.notes).read(place.opened)

    assert heads.rewritten == {place.old: place.new}


def test_what_a_branch_still_leads_to_was_not_replaced(place: Rebased) -> None:
    place.repository.move(place.old, "kept")
    place.repository.move(place.new)
    place.note(place.old, place.new)
    heads, _ = NotedHeads(place.notes).read(place.opened)

    assert heads.rewritten == {}


def test_what_reflogs_tell_of_a_commit_counts_more(place: Rebased) -> None:
    place.repository.amend(place.old, place.new)
    place.note(place.old, place.base)
    heads, _ = NotedHeads(place.notes).read(place.opened)

    assert heads.rewritten == {place.old: place.new}


def test_a_commit_that_is_not_there_is_passed_over(place: Rebased) -> None:
    place.note(CommitId("f" * 40), place.new)
    heads, _ = NotedHeads(place.notes).read(place.opened)

    assert heads.rewritten == {}


def test_what_was_looked_at_is_forgotten_and_what_came_since_stays(place: Rebased) -> None:
    use = NotedHeads(place.notes)
    place.note(place.old, place.new)
    _, noted = use.read(place.opened)
    use.forget(place.opened, noted)
    assert place.notes.lines[COMMON] == b""

    place.note(place.old, place.new)
    _, noted = use.read(place.opened)
    place.note(place.base, place.new)
    use.forget(place.opened, noted)
    assert place.notes.lines[COMMON].count(b"\n") == 2


def test_notes_that_cannot_be_read_stop_nothing(place: Rebased) -> None:
    class Away(CommitNotes):
        def read(self, repository: str) -> NotedCommits:
            raise StorageUnavailable(repository)

        def clear(self, repository: str, noted: NotedCommits) -> None:
            raise StorageUnavailable(repository)

    use = NotedHeads(Away())
    heads, noted = use.read(place.opened)
    use.forget(place.opened, NotedCommits(length=5))

    assert (heads, noted) == (place.repository.heads(), NotedCommits())
