"""After a session was kept: what else changed in its worktree, and what became of its patches."""

from dataclasses import dataclass

from opentraces.application.observe_worktree import ObserveWorktree
from opentraces.application.open_repository import OpenRepository
from opentraces.application.refresh_trail import RefreshTrail
from opentraces.domain.errors import BadRequest, RepositoryUnreadable, StorageUnavailable
from opentraces.domain.hook_facts import HookFacts
from opentraces.domain.ids import TraceId


@dataclass(frozen=True, slots=True)
class FollowTrail:
    """After a session was kept, asks Git what is to be known of it. A trail command asks again."""

    observe: ObserveWorktree
    open: OpenRepository
    refresh: RefreshTrail

    def execute(self, trace: TraceId, facts: HookFacts, *, is_over: bool) -> None:
        """Add to the trail of a trace; `is_over`: whether the session ended.

        What cannot be asked now is left to whoever asks next: never raises an error of ours.
        """
        try:
            self.observe.execute(trace, facts)
            if is_over and facts.folders:
                self.refresh.execute(self.open.execute(facts.folders[0]))
        except (BadRequest, RepositoryUnreadable, StorageUnavailable):
            return
