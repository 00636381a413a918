"""What is captured and kept of one repository."""

from collections.abc import Mapping

from opentraces.domain.enrolment import Project, enclosing, holding
from opentraces.domain.ids import trace_id
from opentraces.domain.kept_brief import KeptBrief
from opentraces.domain.session import Scope, is_inside
from opentraces.domain.setup import HooksFound
from opentraces.domain.slotted import frozen_dataclass
from opentraces.ports.agent_setup import AgentSetup
from opentraces.ports.checkouts import Checkouts
from opentraces.ports.enrolments import Enrolments
from opentraces.ports.overview import TraceOverview
from opentraces.ports.sessions import SessionSource
from opentraces.ports.spool import EventSpool, Waiting


@frozen_dataclass
class RepositoryState:
    """What is captured and kept of one repository."""

    name: str
    """What a person calls it."""

    folder: str
    """The checkout around the folder that was asked for."""

    project: Project | None
    """As it is enrolled. None: it is not."""

    hooks: Mapping[str, HooksFound]
    """Our hooks in each agent's configuration, by agent."""

    waiting: tuple[Waiting, ...]
    """Sessions of this repository whose events wait to be kept."""

    kept: int
    """Traces that are kept of it."""

    steps: int
    """Steps of these."""

    not_kept: int
    """Sessions that its agents left on this machine and that are not kept."""

    last: KeptBrief | None
    """The trace that was kept last. None: nothing is kept."""


@frozen_dataclass
class RepositoryStatus:
    """Say what is captured and kept of one repository."""

    enrolments: Enrolments
    checkouts: Checkouts
    setups: Mapping[str, AgentSetup]
    spools: tuple[EventSpool, ...]
    overview: TraceOverview
    sessions: SessionSource

    def execute(self, folder: str) -> RepositoryState:
        """Changes nothing. Raises BadRequest, Corrupt, NewerFormat, StorageUnavailable."""
        seen = self.checkouts.around(folder)
        projects = self.enrolments.projects()
        around = None if seen.is_repository else enclosing(projects, seen.own.path)
        project = holding(projects, around or seen.own.path)
        folders = [checkout.path for checkout in seen.checkouts]
        folders += [path for path in project.paths if path not in folders] if project else []
        briefs = list(self.overview.briefs())
        kept = [each for each in briefs if is_inside(each.folder, folders) and not each.skipped]
        everything = {each.trace for each in briefs}
        found = {
            (each.agent.value, each.session): trace_id(each.agent.value, each.session)
            for each in self.sessions.discover(Scope(folders=tuple(folders)))
        }
        ours = {(each.agent, each.session) for each in kept} | found.keys()
        waiting = (each for spool in self.spools for each in spool.waiting())
        return RepositoryState(
            name=project.name if project else seen.name,
            folder=seen.own.path,
            project=project,
            hooks={agent: setup.inspect() for agent, setup in self.setups.items()},
            waiting=tuple(each for each in waiting if (each.agent.value, each.session) in ours),
            kept=len(kept),
            steps=sum(each.steps for each in kept),
            not_kept=sum(trace not in everything for trace in found.values()),
            last=kept[0] if kept else None,
        )
