"""Make what a session needs to be gone on with."""

from collections.abc import Mapping
from itertools import islice

from opentraces.application.kept_bytes import kept_bytes
from opentraces.application.past_worktree import PlannedWorktree
from opentraces.application.plan_resume import ResumePlan
from opentraces.domain.errors import Corrupt
from opentraces.domain.session import Agent
from opentraces.domain.slotted import frozen_dataclass
from opentraces.ports.blobs import BlobStore
from opentraces.ports.destination import Destination
from opentraces.ports.resumable import ResumableFormat
from opentraces.ports.traces import TraceStore
from opentraces.ports.worktrees import Worktrees


@frozen_dataclass
class Resumable:
    """What was made."""

    file: str
    """The new session's file."""

    folder: str
    """The folder to go on in."""

    left: tuple[str, ...]
    """Files of the worktree that could not be written, by path."""


@frozen_dataclass
class ResumeSession:
    """Makes the worktree and the file of a session that is to be gone on with.

    What is kept of the session, and its agent's own file, stay as they are.
    """

    traces: TraceStore
    blobs: BlobStore
    formats: Mapping[Agent, ResumableFormat]
    worktrees: Worktrees

    def execute(self, plan: ResumePlan, destination: Destination) -> Resumable:
        """`destination`: the folder of ours that the plan was made for.

        Raises Corrupt, BadRequest: the file is there; NoSuchRevision, RepositoryUnreadable,
        StorageUnavailable.
        """
        envelope = self.traces.envelope(plan.trace)
        left, folder = self._worktree(plan.worktree) if plan.worktree else ((), plan.folder)
        format_ = self.formats[envelope.header.agent]
        pieces = kept_bytes(self.traces, self.blobs, envelope, plan.source)
        lines = islice(format_.renamed(pieces, plan.session), plan.end)
        try:
            file = destination.write(format_.file_name(plan.session, envelope.header.folder), lines)
        except Corrupt as error:
            raise Corrupt(f"{error} → opentraces bucket repair") from error
        return Resumable(file, folder, left)

    def _worktree(self, planned: PlannedWorktree) -> tuple[tuple[str, ...], str]:
        """Make a worktree; returns what could not be written, and the folder to go on in."""
        missing = self.worktrees.add(
            planned.checkout, planned.folder, planned.commit, planned.inner
        )
        refused = self.worktrees.put(planned.folder, planned.files)
        start = planned.folder if planned.inner in missing else planned.start
        return tuple(sorted({*missing, *refused} - {planned.inner})), start
