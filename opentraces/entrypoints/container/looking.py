"""How a look at one repository is wired: plain functions that import no models."""

from opentraces.adapters.filesystem.surroundings import FilesystemCheckouts
from opentraces.application.repository_status import RepositoryStatus
from opentraces.entrypoints.container.enrolling import enrolments
from opentraces.entrypoints.container.importing import sessions, spools
from opentraces.entrypoints.container.overviewing import overview
from opentraces.entrypoints.container.setting_up import agent_setups
from opentraces.entrypoints.settings import Settings


def repository_status(settings: Settings) -> RepositoryStatus:
    """Make the use case that says what is captured and kept of a repository."""
    return RepositoryStatus(
        enrolments=enrolments(settings),
        checkouts=FilesystemCheckouts(),
        setups=agent_setups(settings),
        spools=tuple(spools(settings).values()),
        overview=overview(settings),
        sessions=sessions(settings),
    )
