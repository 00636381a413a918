"""MemoryCommitNotes keeps to the contract."""

import pytest

from opentraces.adapters.memory.commit_notes import MemoryCommitNotes
from tests.contracts.commit_notes import OTHER, REPOSITORY, CommitNotesContract


class TestMemoryCommitNotes(CommitNotesContract):
    @pytest.fixture
    def notes(self) -> MemoryCommitNotes:
        self.lines = {REPOSITORY: b"", OTHER: b""}
        return MemoryCommitNotes(self.lines)

    def add(self, repository: str, lines: bytes) -> None:
        self.lines[repository] += lines
