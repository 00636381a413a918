"""Worktrees in a dict keep to the contract."""

import pytest

from opentraces.adapters.memory.repository import MemoryRepository
from opentraces.adapters.memory.worktree_signs import MemoryWorktrees
from opentraces.domain.trail.worktree import WorktreeSigns
from opentraces.ports.worktree_signs import WorktreeSource
from tests.contracts.worktree_signs import BEGAN, WorktreeSourceContract

FIRST, SECOND = f"{1:040x}", f"{2:040x}"
"""What a repository in memory calls its first two commits."""


class TestMemoryWorktrees(WorktreeSourceContract):
    @pytest.fixture
    def place(self) -> str:
        return "/home/dev"

    @pytest.fixture
    def commits(self) -> tuple[str, str]:
        return FIRST, SECOND

    @pytest.fixture
    def worktrees(self, place: str) -> WorktreeSource:
        main, fix = (
            WorktreeSigns(
                path=f"{place}/{name}",
                root_commit=FIRST,
                remote="github.com/acme/widgets",
                branch=branch,
            )
            for name, branch in (("main", "main"), ("main-fix", "fix"))
        )
        seen = MemoryWorktrees(
            {main.path: main, fix.path: fix},
            {main.path: {BEGAN * 1000: FIRST, (BEGAN + 100) * 1000: SECOND}},
        )
        history = MemoryRepository()
        first = history.commit({}, at=BEGAN)
        history.commit({"f": b""}, [first], at=BEGAN + 100)
        seen.histories = dict.fromkeys((main.path, fix.path), history)
        seen.gone.add(f"{place}/main/gone")
        return seen
