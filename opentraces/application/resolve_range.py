"""From what a person typed to commits."""

from opentraces.application.open_repository import Opened
from opentraces.domain.errors import BadRequest
from opentraces.domain.slotted import frozen_dataclass
from opentraces.domain.trail.commit_brief import CommitBrief
from opentraces.domain.trail.history import CommitId
from opentraces.ports.commit_log import CommitLog
from opentraces.ports.revisions import Revisions

_LATEST = 20


@frozen_dataclass
class ResolveRange:
    """From `a..b`, or a name, to commits."""

    revisions: Revisions
    log: CommitLog

    def exactly(self, opened: Opened, said: str) -> tuple[CommitBrief, ...]:
        """Return the commits of a range, the newest first; of a name, its commit alone.

        Raises NoSuchRevision, RepositoryUnreadable.
        """
        commits = self.revisions.resolve(opened.worktree, said)
        return tuple(self.log.named(opened.worktree, commits).values())

    def one(self, opened: Opened, said: str) -> CommitId:
        """Return the commit of a name. Raises BadRequest, NoSuchRevision, RepositoryUnreadable."""
        if ".." in said:
            raise BadRequest(f"{said!r} is a range: name one commit of it")
        return self.revisions.resolve(opened.worktree, said)[0]

    def listed(self, opened: Opened, said: str | None) -> tuple[CommitBrief, ...]:
        """Return them, too; of a name, the last few that lead to it. None: to what is checked out.

        Empty, too, where there is no commit yet. Raises as `exactly`.
        """
        if said is not None and ".." in said:
            return self.exactly(opened, said)
        tip = opened.repository.heads().head if said is None else self.one(opened, said)
        return self.log.latest(opened.worktree, tip, _LATEST) if tip is not None else ()
