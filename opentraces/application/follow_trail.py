"""After a session was kept: what else changed in its worktree, and what became of its patches."""

from opentraces.application.observe_start import ObserveStart
from opentraces.application.observe_worktree import ObserveWorktree
from opentraces.application.open_repository import OpenRepository
from opentraces.application.refresh_trail import RefreshTrail
from opentraces.domain.errors import (
    BadRequest,
    Corrupt,
    NoRepository,
    RepositoryUnreadable,
    StorageUnavailable,
    TraceNotFound,
)
from opentraces.domain.hook_facts import HookFacts
from opentraces.domain.ids import TraceId
from opentraces.domain.slotted import frozen_dataclass


@frozen_dataclass
class FollowTrail:
    """After a session was kept, asks Git what is to be known of it. A trail command asks again."""

    start: ObserveStart
    observe: ObserveWorktree
    open: OpenRepository
    refresh: RefreshTrail

    def execute(self, trace: TraceId, facts: HookFacts, *, is_over: bool) -> str | None:
        """Add to the trail of a trace; `is_over`: whether the session ended. Never raises ours.

        Returns why Git could not be asked, in words. None: it was, or there is nothing to ask.
        """
        try:
            self.start.execute(trace, facts)
            self.observe.execute(trace, facts)
            if is_over and facts.folders:
                self.refresh.execute(self.open.execute(facts.folders[0]))
        except (BadRequest, NoRepository, TraceNotFound):  # the trace was deleted meanwhile
            return None
        except (RepositoryUnreadable, StorageUnavailable, Corrupt) as error:
            return str(error)
        return None
