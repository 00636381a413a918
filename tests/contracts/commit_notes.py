"""What every CommitNotes keeps to."""

import pytest

from opentraces.domain.trail.noted_commits import NotedCommits
from opentraces.ports.commit_notes import CommitNotes

REPOSITORY = "/home/me/widgets/.git"
OTHER = "/home/me/gadgets/.git"
OLD, NEW, NEWER = "a" * 40, "b" * 40, "c" * 40


class CommitNotesContract:
    @pytest.fixture
    def notes(self) -> CommitNotes:
        raise NotImplementedError("give one whose REPOSITORY and OTHER are enrolled")

    def add(self, repository: str, lines: bytes) -> None:
        """Be the hooks of a repository."""
        raise NotImplementedError

    def test_nothing_is_noted_at_first(self, notes: CommitNotes) -> None:
        assert notes.read(REPOSITORY) == NotedCommits()

    def test_nothing_is_noted_of_a_repository_that_is_not_known(self, notes: CommitNotes) -> None:
        assert notes.read("/elsewhere/.git") == NotedCommits()
        notes.clear("/elsewhere/.git", NotedCommits(length=9))
        assert notes.read("/elsewhere/.git") == NotedCommits()

    def test_a_commit_is_noted_in_its_repository_only(self, notes: CommitNotes) -> None:
        self.add(REPOSITORY, b"post-commit 1700000000\n")

        assert notes.read(REPOSITORY).is_any
        assert not notes.read(OTHER).is_any

    def test_pairs_are_read_in_their_order(self, notes: CommitNotes) -> None:
        said = f"post-rewrite - {OLD} {NEW}\npost-rewrite 17 {NEW} {NEWER}\n"
        self.add(REPOSITORY, said.encode())

        assert notes.read(REPOSITORY).pairs == ((OLD, NEW), (NEW, NEWER))
        assert notes.read(REPOSITORY).rewritten == {OLD: NEW, NEW: NEWER}

    def test_what_was_read_is_forgotten_when_it_is_cleared(self, notes: CommitNotes) -> None:
        self.add(REPOSITORY, b"post-commit -\n")
        notes.clear(REPOSITORY, notes.read(REPOSITORY))

        assert notes.read(REPOSITORY) == NotedCommits()
        self.add(REPOSITORY, b"post-commit -\n")
        assert notes.read(REPOSITORY).is_any

    def test_what_came_meanwhile_stays(self, notes: CommitNotes) -> None:
        self.add(REPOSITORY, b"post-commit -\n")
        read = notes.read(REPOSITORY)
        self.add(REPOSITORY, f"post-rewrite - {OLD} {NEW}\n".encode())
        notes.clear(REPOSITORY, read)

        assert notes.read(REPOSITORY).pairs == ((OLD, NEW),)

    def test_a_line_that_is_not_whole_is_left_for_the_next_look(self, notes: CommitNotes) -> None:
        self.add(REPOSITORY, b"post-commit -\npost-rewrite - " + OLD.encode())
        read = notes.read(REPOSITORY)
        assert (read.is_any, read.pairs, read.length) == (True, (), 14)
        notes.clear(REPOSITORY, read)
        self.add(REPOSITORY, f" {NEW}\n".encode())

        assert notes.read(REPOSITORY).pairs == ((OLD, NEW),)
