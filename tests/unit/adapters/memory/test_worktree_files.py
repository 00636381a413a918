"""The memory adapter keeps to the port's contract."""

from collections.abc import Callable
from itertools import count

import pytest

from opentraces.adapters.memory.worktree_files import MadeCommit, MemoryWorktreeFiles
from opentraces.ports.worktree_files import WorktreeFiles
from tests.contracts.worktree_files import Commit, WorktreeFilesContract, Write

ROOT = "/work"


class TestMemoryWorktreeFiles(WorktreeFilesContract):
    @pytest.fixture
    def files(self) -> WorktreeFiles:
        made = MemoryWorktreeFiles()
        held = {name: f"{name}\n".encode() for name in ("kept.txt", "gone.txt")}
        made.committed[ROOT] = held
        made.files[ROOT] = {name: (content, 1) for name, content in held.items()}
        return made

    @pytest.fixture
    def worktree(self) -> str:
        return ROOT

    @pytest.fixture
    def now(self) -> Callable[[], int]:
        moments = count(2)
        return lambda: next(moments)

    @pytest.fixture
    def commit(self, files: MemoryWorktreeFiles, now: Callable[[], int]) -> Commit:
        def committed() -> int:
            before = files.committed[ROOT]
            files.committed[ROOT] = {path: data for path, (data, _) in files.files[ROOT].items()}
            files.made.setdefault(ROOT, []).append(MadeCommit(now(), files.committed[ROOT], before))
            return 0

        return committed

    @pytest.fixture
    def write(self, files: MemoryWorktreeFiles, now: Callable[[], int]) -> Write:
        def written(name: str, content: bytes | None) -> None:
            if content is None:
                del files.files[ROOT][name]
            else:
                files.files[ROOT][name] = (content, now())

        return written
