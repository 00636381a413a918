"""Take everything of ours out of the machine again, but for what was kept."""

from collections.abc import Callable, Mapping

from opentraces.domain.enrolment import Project
from opentraces.domain.errors import StorageUnavailable
from opentraces.domain.home_part import HomePart
from opentraces.domain.setup import FileChange, SetupPlan
from opentraces.domain.slotted import frozen_dataclass
from opentraces.ports.agent_setup import AgentSetup
from opentraces.ports.enrolments import Enrolments
from opentraces.ports.excludes import Excludes
from opentraces.ports.home import Home


@frozen_dataclass
class Uninstalled:
    """What was taken out, or would be."""

    changes: Mapping[str, tuple[FileChange, ...]]
    """Files of each agent's configuration, by agent; empty: no hooks of ours were in it."""

    projects: tuple[Project, ...]
    """Projects that are not captured any more."""

    still_excluded: tuple[str, ...]
    """Why a line of ours is still in a repository's list, for each such list."""

    kept: tuple[HomePart, ...]
    """What is in the home folder: all that was kept."""

    is_purged: bool
    """Whether that went, too."""

    is_done: bool
    """False: nothing was changed."""


@frozen_dataclass
class Uninstall:
    """Take our hooks, our enrolments and, where it is wanted, all that was kept off the machine."""

    setups: Mapping[str, AgentSetup]
    enrolments: Enrolments
    excludes: Excludes
    home: Home

    end_receiver: Callable[[], None] = lambda: None
    """Ends the receiver of telemetry, if it runs. Raises Busy, StorageUnavailable."""

    def execute(self, *, purge: bool, dry_run: bool) -> Uninstalled:
        """Idempotent: what an interrupted run left is done by the next.

        Raises SettingsInvalid, Busy, ForeignBucket, Corrupt, NewerFormat, StorageUnavailable.
        """
        plans = {agent: setup.remove() for agent, setup in self.setups.items()}
        projects = self.enrolments.projects()
        kept = self.home.parts()
        problems: tuple[str, ...] = ()
        if not dry_run:
            plans = {agent: _removed(setup) for agent, setup in self.setups.items()}
            self.end_receiver()
            problems = self._unenrol(projects)
            if purge:
                self.home.purge()
        return Uninstalled(
            changes={agent: plan.changes for agent, plan in plans.items()},
            projects=projects,
            still_excluded=problems,
            kept=kept,
            is_purged=purge,
            is_done=not dry_run,
        )

    def _unenrol(self, projects: tuple[Project, ...]) -> tuple[str, ...]:
        problems = []
        for exclusion in (each for project in projects for each in project.exclusions):
            try:
                self.excludes.take_back(exclusion)
            except StorageUnavailable as error:
                problems.append(str(error))
        if projects:
            self.enrolments.update(lambda _: ())
        return tuple(problems)


def _removed(setup: AgentSetup) -> SetupPlan:
    """Take what is ours out, as it is now: of one file another may have been taken out before."""
    plan = setup.remove()
    setup.apply(plan)
    return plan
