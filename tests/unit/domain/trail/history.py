"""A history of one file, told move by move: what agents did, and what was committed."""

from dataclasses import dataclass, field, replace
from typing import Any

from opentraces.adapters.memory.text_diff import MemoryTextDiff
from opentraces.domain.trail.action import Action
from opentraces.domain.trail.crediting import Crediting
from opentraces.domain.trail.file_change import Hunk
from opentraces.domain.trail.history import Commit, CommitId, FileBefore, ObjectId, PathChange

WORKTREE = "/work"
FILE = "app.py"
SOMEBODY = "Dev <dev@example.com>"


def text(*lines: str) -> bytes:
    """Return lines as a file."""
    return "".join(f"{line}\n" for line in lines).encode()


@dataclass
class History:
    """What happened, a second apart; `credited` says what is made of it."""

    actions: list[Action] = field(default_factory=list)
    commits: list[Commit] = field(default_factory=list)
    texts: dict[ObjectId, bytes] = field(default_factory=dict)
    now: int = 1_000

    def edits(
        self, patch: str, before: bytes | None, after: bytes, path: str = FILE, at: str = WORKTREE
    ) -> None:
        """Let an agent change a file of which all is known. None: it makes the file."""
        is_made = before is None
        action = Action(
            patch, self._later(), at, path, "write" if is_made else "edit", had_file=not is_made
        )
        self.actions.append(replace(action, before=before, after=after))

    def writes(self, patch: str, after: bytes, path: str = FILE) -> None:
        """Let an agent write a whole file, without telling what was there."""
        action = Action(patch, self._later(), WORKTREE, path, "write")
        self.actions.append(replace(action, after=after))

    def puts(self, patch: str, *lines: str, path: str = FILE, after: bytes | None = None) -> None:
        """Let an agent replace some lines at a place that is not told. None: nor is the file."""
        action = Action(patch, self._later(), WORKTREE, path, "edit")
        self.actions.append(replace(action, after=after, hunks=(Hunk(lines=lines),)))

    def moves(self, patch: str, path: str, to: str, *lines: str) -> None:
        """Let an agent move a file, and replace some lines of it."""
        action = Action(patch, self._later(), WORKTREE, to, "edit", moved_from=path)
        self.actions.append(replace(action, hunks=(Hunk(lines=lines),)))

    def sees(self, held: bytes, path: str = FILE, at: str = WORKTREE) -> None:
        """Let an agent read the whole file."""
        self.actions.append(replace(Action(None, self._later(), at, path, "read"), after=held))

    def commit(
        self,
        before: bytes | None,
        after: bytes,
        path: str = FILE,
        *,
        was: str | None = None,
        **told: Any,
    ) -> str:
        """Commit what a file holds; `told` of the commit otherwise. Returns its name."""
        self.now += 1
        name = f"commit-{len(self.commits)}"
        blob = self._stored(after)
        olds = (FileBefore(was or path, self._stored(before)),) if before is not None else ()
        commit = Commit(
            commit=CommitId(name),
            parents=(CommitId("parent"),),
            author=SOMEBODY,
            authored=self.now,
            committed=self.now,
            subject="change",
            changes=(PathChange(path, blob, olds),),
        )
        self.commits.append(replace(commit, **told))
        return name

    def credited(self) -> dict[str, list[tuple[str, str]]]:
        """Return, for each commit, the credited lines and whose they are, in order."""
        crediting = Crediting(self.actions, MemoryTextDiff().edits)
        found: dict[str, list[tuple[str, str]]] = {}
        for commit in self.commits:
            lines = [
                (line, credit.patch)
                for credit in crediting.take(commit, self.texts)
                for line in credit.lines
            ]
            held = self.texts[commit.changes[0].blob or ObjectId("")].decode().split("\n")
            found[commit.commit] = [(held[line - 1], patch) for line, patch in sorted(lines)]
        return found

    def last(self) -> list[tuple[str, str]]:
        """Return what is credited in the last commit."""
        return self.credited()[self.commits[-1].commit]

    def _later(self) -> int:
        self.now += 1
        return self.now * 1000

    def _stored(self, held: bytes) -> ObjectId:
        name = ObjectId(f"blob-{held.hex()}")
        self.texts[name] = held
        return name
