"""A session's worktree as it was when one of its steps began, as far as is known."""

import posixpath
from collections.abc import Mapping, Sequence
from dataclasses import replace

from opentraces.application.open_repository import Opened, OpenRepository
from opentraces.application.read_actions import ReadActions
from opentraces.application.read_trail import ReadTrail
from opentraces.domain.envelope import Envelope
from opentraces.domain.errors import BadRequest, NoSuchRevision, RepositoryUnreadable
from opentraces.domain.header import base_commit
from opentraces.domain.kept_step import KeptStep
from opentraces.domain.moments import milliseconds
from opentraces.domain.resuming.commits import commit_then
from opentraces.domain.resuming.file_states import (
    FileState,
    LeftFile,
    file_states,
    paths_of,
)
from opentraces.domain.resuming.happening import happened_before
from opentraces.domain.slotted import frozen_dataclass
from opentraces.domain.trail.action import Action
from opentraces.domain.trail.history import CommitId
from opentraces.domain.trail.start import DirtyFile
from opentraces.ports.revisions import Revisions
from opentraces.ports.worktrees import Worktrees


@frozen_dataclass
class PlannedWorktree:
    """A worktree that is to be made."""

    checkout: str
    """A checkout of the repository, absolute: where Git is run."""

    folder: str
    """The worktree's root, absolute; it is not there yet."""

    inner: str
    """The folder in it that the session began in, relative to its root; empty: that."""

    commit: CommitId
    """The commit whose files it has."""

    is_start: bool
    """Whether that is the commit of the session's beginning: of the step it is not known."""

    command: tuple[str, ...]
    """The command of Git that makes it."""

    files: tuple[FileState, ...]
    """Files that were not as in the commit, by path."""

    left: tuple[LeftFile, ...]
    """Files that stay as in the commit, although the session had to do with them, by path."""

    dirty: tuple[DirtyFile, ...]
    """Files that were not committed when the session began, and whose content then is not known."""

    @property
    def start(self) -> str:
        """The folder to go on in, absolute."""
        return f"{self.folder}/{self.inner}" if self.inner else self.folder


@frozen_dataclass
class PastWorktree:
    """Works out what a worktree was like."""

    open: OpenRepository
    trails: ReadTrail
    actions: ReadActions
    revisions: Revisions
    worktrees: Worktrees

    def execute(
        self,
        envelope: Envelope,
        step: KeptStep | None,
        steps: Sequence[KeptStep],
        folder: str,
        here: str | None,
    ) -> tuple[PlannedWorktree | None, str | None]:
        """Return the worktree as it was before a step (None: at the end), or why there is none.

        `folder`: the folder that it is to stand in; `here`: another place to look for the
        repository. Raises Corrupt, StorageUnavailable.
        """
        opened = self._opened(envelope, here)
        if opened is None:
            return None, "the session's repository is not there any more"
        base = base_commit(envelope.header)
        start = CommitId(base) if base else None
        try:
            known = self._commit(envelope, opened, step, steps)
            commit = known or start
            if commit is None:
                return None, "the commit that was checked out then is not known"
            self.revisions.parents(opened.worktree, commit)
            commits = (start, commit)
            planned = self._planned(envelope, opened, step, folder, commits)
            return replace(planned, is_start=known is None), None
        except NoSuchRevision:
            return None, "the commit that was checked out then is not in the repository any more"
        except RepositoryUnreadable as error:
            return None, str(error)

    def _opened(self, envelope: Envelope, here: str | None) -> Opened | None:
        """Open the session's repository: where it was, or where somebody stands."""
        signs, began = envelope.header.worktree, envelope.header.folder
        for place in (signs.path if signs else began, here):
            try:
                opened = self.open.execute(place) if place else None
            except (BadRequest, RepositoryUnreadable):
                continue
            is_it = opened is not None and (
                place != here if signs is None else opened.key == signs.key
            )
            if opened is not None and is_it:
                return opened
        return None

    def _commit(
        self,
        envelope: Envelope,
        opened: Opened,
        step: KeptStep | None,
        steps: Sequence[KeptStep],
    ) -> CommitId | None:
        """Return what was checked out, as the reflog of the session's own worktree tells."""
        signs = envelope.header.worktree
        at = milliseconds(step.step.timestamp if step else envelope.header.ended)
        if at is None or (signs is not None and signs.path != opened.worktree):
            return None
        if step is None:
            return opened.repository.checked_out(at // 1000)
        index = step.step.step_index
        made = [each.native.get("commit", "") for each in steps if each.step.step_index < index]
        log = opened.repository
        return commit_then(log.checked_out(at // 1000 - 1), log.checked_out(at // 1000), made)

    def _planned(
        self,
        envelope: Envelope,
        opened: Opened,
        step: KeptStep | None,
        folder: str,
        commits: tuple[CommitId | None, CommitId],
    ) -> PlannedWorktree:
        signs, began = envelope.header.worktree, envelope.header.folder
        root = signs.path if signs else opened.worktree
        kept = self.trails.whole(envelope)
        happened = list(happened_before(kept.happened, step.step if step is not None else None))
        roots = (root, *(each for each in opened.worktrees if each != root))
        read = self.actions.execute(envelope, happened, roots, None)
        actions = [each for each in read if each.worktree == root]
        start, commit = commits
        at_start = self._texts(opened, start, actions) if start is not None else None
        at_step = self._texts(opened, commit, actions)
        files, left = file_states(actions, at_start, at_step)
        place = f"{folder}/{posixpath.basename(root.rstrip('/')) or 'worktree'}"
        known = {each.path for each in files}
        dirty = kept.trail.start.files if kept.trail.start is not None else ()
        return PlannedWorktree(
            checkout=opened.worktree,
            folder=place,
            inner=_within(root, began),
            commit=commit,
            is_start=False,
            command=self.worktrees.adding(opened.worktree, place, commit),
            files=files,
            left=left,
            dirty=tuple(each for each in dirty if each.path not in known),
        )

    def _texts(
        self, opened: Opened, commit: CommitId, actions: Sequence[Action]
    ) -> Mapping[str, bytes]:
        names = self.revisions.files_at(opened.worktree, commit, paths_of(actions))
        texts = opened.repository.blobs(list(names.values()))
        return {path: text for path, text in zip(names, texts, strict=True) if text is not None}


def _within(root: str, folder: str | None) -> str:
    """Return where a folder is in a worktree; empty: at its root, or in none that is known."""
    inner = posixpath.relpath(folder, root) if folder and folder.startswith("/") else "."
    return "" if inner == "." or inner.startswith("..") else inner
