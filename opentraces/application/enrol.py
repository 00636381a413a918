"""Enrol a repository, so that what agents do in it is captured; and end that again."""

from collections.abc import Callable, Sequence

from opentraces.domain.belonging import (
    enlisted,
    founded,
    joined,
    project_of,
    with_project,
    without_agents,
)
from opentraces.domain.enrolment import Exclusion, Identity, Project, Seen, enclosing, holding
from opentraces.domain.errors import BadRequest, NotFound, StorageUnavailable
from opentraces.domain.slotted import frozen_dataclass
from opentraces.ports.checkouts import Checkouts
from opentraces.ports.enrolments import Enrolments, Projects
from opentraces.ports.excludes import Excludes
from opentraces.ports.repository_identity import RepositoryIdentity


@frozen_dataclass
class Enrolled:
    """What an enrolment came to."""

    project: Project
    """The project, as it is now."""

    seen: Seen
    """The checkout that was enrolled, and the others of its repository."""

    was_enrolled: bool
    """Whether the checkout was enrolled before, for all of the agents."""

    no_root: str | None
    """Why the first commit is not known. None: it is, or there is no repository."""

    not_excluded: str | None
    """Why our line is not in the repository's list. None: it is, or there is no such list."""


@frozen_dataclass
class Enrol:
    """Enrol the repository around a folder; or the folder, where there is none."""

    enrolments: Enrolments
    checkouts: Checkouts
    identities: RepositoryIdentity
    excludes: Excludes
    new_id: Callable[[], str]
    """Makes a UUID."""

    user_home: str
    """The user's home folder: too much to be captured as one project."""

    def execute(self, folder: str, agents: Sequence[str]) -> Enrolled:
        """Idempotent.

        Raises:
            BadRequest: the folder is none, or cannot be enrolled.
            Corrupt, NewerFormat, StorageUnavailable: the projects cannot be read or written.
        """
        before = self.enrolments.projects()
        seen = _seen(self.checkouts, before, folder)
        self._refuse(seen)
        own = seen.own
        identity = self.identities.identify(own.path) if seen.is_repository else Identity()
        exclusion, problem = self._exclude(own.repository)
        known = holding(before, own.path)

        def change(projects: Projects) -> Projects:
            gone = _gone(self.checkouts, projects)
            project = project_of(projects, seen, identity, gone)
            project = project or founded(self.new_id(), seen, identity)
            project = joined(project, seen, identity, gone)
            return with_project(projects, enlisted(project, agents, exclusion))

        project = next(each for each in self.enrolments.update(change) if own.path in each.paths)
        return Enrolled(
            project=project,
            seen=seen,
            was_enrolled=known is not None
            and known.project_id == project.project_id
            and {*agents} <= {*known.agents},
            no_root=identity.reason if project.root_commit is None else None,
            not_excluded=problem,
        )

    def _refuse(self, seen: Seen) -> None:
        path = seen.own.path
        if "\n" in path:
            raise BadRequest(f"{path!r}: a folder whose name has a line end cannot be enrolled")
        if not seen.is_repository and f"{self.user_home}/".startswith(f"{path.rstrip('/')}/"):
            raise BadRequest(f"{path} holds everything you have: enrol a folder below it")

    def _exclude(self, repository: str | None) -> tuple[Exclusion | None, str | None]:
        """Add our line; returns what was added, and why nothing could be."""
        if repository is None:
            return None, None
        try:
            return self.excludes.add(repository), None
        except StorageUnavailable as error:
            return None, str(error)


@frozen_dataclass
class Unenrolled:
    """What is not captured any more."""

    project: Project
    """The project, as it was."""

    agents: tuple[str, ...]
    """The agents for which it was captured until now, ascending."""

    remaining: tuple[str, ...]
    """The agents for which it still is, ascending."""

    still_excluded: tuple[str, ...]
    """Why a line of ours is still in a repository's list, for each such list."""


@frozen_dataclass
class Unenrol:
    """End the capture of the project around a folder, in all its checkouts; what was kept stays."""

    enrolments: Enrolments
    checkouts: Checkouts
    excludes: Excludes

    def execute(self, folder: str, agents: Sequence[str]) -> Unenrolled:
        """Idempotent but for its answer.

        Raises:
            NotFound: it is not enrolled, for none of the agents.
            Corrupt, NewerFormat, StorageUnavailable: the projects cannot be read or written.
        """
        projects = self.enrolments.projects()
        seen = _seen(self.checkouts, projects, folder)
        project = project_of(projects, seen, Identity(), _gone(self.checkouts, projects))
        ended = sorted({*agents} & {*project.agents}) if project else []
        if project is None or not ended:
            raise NotFound(f"{seen.own.path} is not enrolled → opentraces init")
        remaining = tuple(agent for agent in project.agents if agent not in ended)
        problems = () if remaining else tuple(self._include(project.exclusions))
        ident = project.project_id
        self.enrolments.update(lambda now: without_agents(now, ident, ended))
        return Unenrolled(project, tuple(ended), remaining, problems)

    def _include(self, exclusions: Sequence[Exclusion]) -> list[str]:
        problems = []
        for exclusion in exclusions:
            try:
                self.excludes.take_back(exclusion)
            except StorageUnavailable as error:
                problems.append(str(error))
        return problems


def _seen(checkouts: Checkouts, projects: Projects, folder: str) -> Seen:
    """Return what is around a folder; outside of a repository, the enrolled folder it is in."""
    seen = checkouts.around(folder)
    listed = None if seen.is_repository else enclosing(projects, seen.own.path)
    return seen if listed in (None, seen.own.path) else checkouts.around(str(listed))


def _gone(checkouts: Checkouts, projects: Projects) -> frozenset[str]:
    paths = (path for project in projects for path in project.paths)
    return frozenset(path for path in paths if not checkouts.is_there(path))
