"""Keep up with checkouts of enrolled repositories: new worktrees, and repositories that moved."""

from opentraces.domain.belonging import followed, joined, may_have_moved, with_project
from opentraces.domain.enrolment import Identity, Seen
from opentraces.domain.slotted import frozen_dataclass
from opentraces.ports.checkouts import Checkouts
from opentraces.ports.enrolments import Enrolments, Projects
from opentraces.ports.repository_identity import RepositoryIdentity


@frozen_dataclass
class FollowCheckout:
    """Add the checkout around a folder to its project, if it belongs to one without any doubt.

    That is a worktree which an enrolled repository names and which names it, or an enrolled
    repository's own folder under another name. What a repository says of itself adds nothing.
    """

    enrolments: Enrolments
    checkouts: Checkouts
    identities: RepositoryIdentity

    def execute(self, folder: str) -> bool:
        """Return whether the projects changed. Idempotent; the lists are in line afterwards.

        Raises BadRequest, Corrupt, NewerFormat and StorageUnavailable.
        """
        self.enrolments.relist()
        seen = self.checkouts.around(folder)
        before = self.enrolments.projects()
        identity = self._identity(before, seen)
        if self._followed(before, seen, identity) == before:
            return False
        self.enrolments.update(lambda projects: self._followed(projects, seen, identity))
        return True

    def _identity(self, projects: Projects, seen: Seen) -> Identity | None:
        """Ask the repository who it is, only where that decides."""
        if not seen.is_ours or not may_have_moved(projects, seen, self._gone(projects)):
            return None
        return self.identities.identify(seen.own.path)

    def _followed(self, projects: Projects, seen: Seen, identity: Identity | None) -> Projects:
        gone = self._gone(projects)
        project = followed(projects, seen, identity, gone)
        if project is None or "\n" in seen.own.path:
            return projects
        return with_project(projects, joined(project, seen, identity or Identity(), gone))

    def _gone(self, projects: Projects) -> frozenset[str]:
        paths = (path for project in projects for path in project.paths)
        return frozenset(path for path in paths if not self.checkouts.is_there(path))
