"""Whether what the user enrolled is there, and is what hooks find."""

from collections.abc import Iterator

from opentraces.application.diagnosing.checker import Checker
from opentraces.domain.amounts import count
from opentraces.domain.enrolment import listed_paths
from opentraces.domain.health import Check, Level
from opentraces.domain.slotted import frozen_dataclass
from opentraces.ports.checkouts import Checkouts
from opentraces.ports.enrolments import Enrolments

_TOPIC = "projects"


@frozen_dataclass
class EnrolmentsChecker(Checker):
    """Looks at the enrolled projects, and brings the lists that hooks read in line."""

    enrolments: Enrolments
    checkouts: Checkouts

    agents: tuple[str, ...]
    """Those with hooks."""

    def checks(self) -> Iterator[Check]:
        """See Checker."""
        projects = self.enrolments.projects()
        folders = sum(len(project.paths) for project in projects)
        text = f"{count(len(projects), 'project')} enrolled, in {count(folders, 'folder')}"
        yield Check(_TOPIC, Level.OK, text if projects else "nothing is enrolled")
        for project in projects:
            for path in project.paths:
                if not self.checkouts.is_there(path):
                    advice = "nothing to do; if it moved, run opentraces status where it is now"
                    yield Check(_TOPIC, Level.WARN, f"{project.name} is gone from {path}", advice)
        for agent in self._out_of_line():
            text = f"the hooks of {agent} do not find what is enrolled"
            yield Check(_TOPIC, Level.WARN, text, "opentraces doctor --fix")

    def mend(self) -> Iterator[str]:
        """See Checker."""
        agents = self._out_of_line()
        if agents:
            self.enrolments.relist()
            yield f"told the hooks of {', '.join(agents)} what is enrolled"

    def _out_of_line(self) -> list[str]:
        projects = self.enrolments.projects()
        listed = self.enrolments.listed
        return [agent for agent in self.agents if listed(agent) != listed_paths(projects, agent)]
