"""Put our lines into the hooks of a repository, or take them out."""

from opentraces.application.set_up_agent import SetUp, SetUpAgent, SetUpRequest
from opentraces.domain.slotted import frozen_dataclass
from opentraces.ports.enrolments import Enrolments


@frozen_dataclass
class SetUpGit:
    """Put our lines into the hooks of a repository, or take them out."""

    hooks: SetUpAgent
    enrolments: Enrolments

    def execute(self, request: SetUpRequest) -> SetUp:
        """Idempotent; hooks find out at once whether the repository is enrolled.

        Raises SettingsInvalid, Busy, Corrupt, NewerFormat, StorageUnavailable.
        """
        done = self.hooks.execute(request)
        if not request.is_dry_run:
            self.enrolments.relist()
        return done
