"""The memory adapter keeps to the port's contract."""

import pytest

from opentraces.adapters.memory.worktree_files import MemoryWorktreeFiles
from opentraces.ports.worktree_files import WorktreeFiles
from tests.contracts.worktree_files import WorktreeFilesContract, Write

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
    def write(self, files: MemoryWorktreeFiles) -> Write:
        def written(name: str, content: bytes | None) -> None:
            if content is None:
                del files.files[ROOT][name]
            else:
                files.files[ROOT][name] = (content, 2)

        return written
