"""Enrolled projects in memory."""

from opentraces.domain.enrolment import listed_paths
from opentraces.domain.session import Agent
from opentraces.ports.enrolments import Change, Enrolments, Projects


class MemoryEnrolments(Enrolments):
    """The projects of one process, and the lists as hooks would find them."""

    def __init__(self, projects: Projects = ()) -> None:
        self._projects = projects
        self._lists: dict[str, tuple[str, ...]] = {}

    def projects(self) -> Projects:
        """See Enrolments."""
        return self._projects

    def update(self, change: Change) -> Projects:
        """See Enrolments."""
        self._projects = change(self._projects)
        self.relist()
        return self._projects

    def listed(self, agent: str) -> tuple[str, ...]:
        """See Enrolments."""
        return self._lists.get(agent, ())

    def relist(self) -> None:
        """See Enrolments."""
        agents = {*Agent, *(agent for project in self._projects for agent in project.agents)}
        self._lists = {agent: listed_paths(self._projects, agent) for agent in agents}

    def lose_lists(self) -> None:
        """Forget what hooks would find."""
        self._lists = {}
