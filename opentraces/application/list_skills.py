"""List skills, slash commands, MCP servers and tools: how often they were used, and how it went.

What each session used is counted once and remembered; only sessions that changed are read again,
each as a whole. So it is the same as if all were counted anew. Imports no models.
"""

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import field
from typing import NamedTuple

from opentraces.domain.errors import Corrupt, NewerFormat, StorageUnavailable, TraceNotFound
from opentraces.domain.ids import TraceId
from opentraces.domain.skills.asking import Asked, Used, asked_for, summed
from opentraces.domain.skills.counted import SessionUses
from opentraces.domain.slotted import frozen_dataclass, mutable_dataclass
from opentraces.ports.trace_stamps import TraceStamps
from opentraces.ports.use_sums import UseSums

CountSession = Callable[[TraceId, str], SessionUses]
"""Counts what a trace of some stamp used; may raise Corrupt, NewerFormat, TraceNotFound."""

OnSession = Callable[[int, int], None]
"""Told how many sessions were counted, of how many."""


class SkillsAnswer(NamedTuple):
    """What was used."""

    skills: tuple[Used, ...]
    """Most used first."""

    sessions: int
    """How many sessions used anything, of whatever kind."""

    damaged: tuple[TraceId, ...]
    """Traces that are not counted: their stored bytes are not what they were."""

    later: tuple[TraceId, ...]
    """Traces that are not counted: a later release wrote them."""

    unsaved: str | None
    """Why what was counted could not be remembered, in words. None: it was."""


@mutable_dataclass
class _Counted:
    sessions: dict[TraceId, SessionUses]
    damaged: list[TraceId] = field(default_factory=list)
    later: list[TraceId] = field(default_factory=list)


@frozen_dataclass
class ListSkills:
    """List what was used, and how it went."""

    stamps: TraceStamps
    sums: UseSums
    count: CountSession

    def execute(
        self, asked: Asked, on_session: OnSession = lambda done, total: None
    ) -> SkillsAnswer:
        """Count what is new, and sum up what is asked for.

        Where that cannot be remembered, it is counted again next time. Raises StorageUnavailable.
        """
        known, stamps = self.sums.load(), self.stamps.stamps()
        counted = _Counted({trace: known[trace] for trace in stamps if trace in known})
        new = [trace for trace in stamps if not _is_known(known, trace, stamps[trace])]
        for done, trace in enumerate(new):
            on_session(done, len(new))
            self._count(trace, stamps[trace], counted)
        unsaved = self._save(counted.sessions.values()) if counted.sessions != known else None
        meant = asked_for(asked, counted.sessions.values())
        return SkillsAnswer(
            skills=summed(asked, meant),
            sessions=sum(1 for session in meant if session.uses),
            damaged=tuple(counted.damaged),
            later=tuple(counted.later),
            unsaved=unsaved,
        )

    def _count(self, trace: TraceId, stamp: str, counted: _Counted) -> None:
        counted.sessions.pop(trace, None)
        try:
            counted.sessions[trace] = self.count(trace, stamp)
        except TraceNotFound:
            return
        except Corrupt:
            counted.damaged.append(trace)
        except NewerFormat:
            counted.later.append(trace)

    def _save(self, sessions: Collection[SessionUses]) -> str | None:
        """Return why they could not be saved, in words. None: they were.

        A trace that was deleted meanwhile is forgotten: who deleted it may have done so before.
        """
        try:
            self.sums.save(sessions)
            for trace in {session.trace for session in sessions} - self.stamps.stamps().keys():
                self.sums.forget(trace)
        except StorageUnavailable as error:
            return str(error)
        return None


def _is_known(known: Mapping[TraceId, SessionUses], trace: TraceId, stamp: str) -> bool:
    return trace in known and known[trace].stamp == stamp


def shown(skills: tuple[Used, ...], limit: int | None) -> Iterator[Used]:
    """Yield the first of each kind, `limit` of them. None: all."""
    seen: dict[str, int] = {}
    for used in skills:
        seen[used.kind] = seen.get(used.kind, 0) + 1
        if limit is None or seen[used.kind] <= limit:
            yield used
