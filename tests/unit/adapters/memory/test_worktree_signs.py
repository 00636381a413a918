"""Worktrees in a dict keep to the contract."""

import pytest

from opentraces.adapters.memory.worktree_signs import MemoryWorktrees
from opentraces.domain.trail.worktree import WorktreeSigns
from opentraces.ports.worktree_signs import WorktreeSource
from tests.contracts.worktree_signs import BEGAN, WorktreeSourceContract

FIRST, SECOND = "a" * 40, "b" * 40


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
        worktrees = MemoryWorktrees(
            {main.path: main, fix.path: fix},
            {main.path: {BEGAN * 1000: FIRST, (BEGAN + 100) * 1000: SECOND}},
        )
        worktrees.gone.add(f"{place}/main/gone")
        return worktrees
