"""The usage ledger in dicts: its rule in the plainest words."""

from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from copy import deepcopy
from dataclasses import dataclass, field
from threading import Lock

from opentraces.domain.errors import Busy
from opentraces.domain.ids import StepKey, TraceId
from opentraces.domain.ledger import Claim, Seniority, Settlement, UsageCount
from opentraces.ports.ledger import Settling, UsageLedger


@dataclass(slots=True)
class _Held:
    """What one trace claims."""

    seniority: Seniority
    counted: dict[StepKey, bool] = field(default_factory=dict)


class MemorySettling(Settling):
    """Works on claims that are given back when it is left in peace."""

    def __init__(self, held: dict[TraceId, _Held]) -> None:
        """Change `held` in place."""
        self._held = held
        self._affected: set[TraceId] = set()

    def claim(self, trace: TraceId, seniority: Seniority, claims: Collection[Claim]) -> UsageCount:
        """See Settling."""
        mine = self._held.setdefault(trace, _Held(seniority))
        if mine.seniority != seniority:
            mine.seniority = seniority
            self._touch(trace, mine.counted)
        before = dict(mine.counted)
        for claim in claims:
            mine.counted[claim.key] = claim.counted or mine.counted.get(claim.key, False)
        self._touch(trace, {claim.key for claim in claims})
        new = [key for key, counted in mine.counted.items() if counted and not before.get(key)]
        replays = sum(bool(self._others(trace, key)) for key in new)
        return UsageCount(responses=len(new) - replays, replays_skipped=replays)

    def release(self, trace: TraceId) -> None:
        """See Settling."""
        if trace in self._held:
            self._touch(trace, self._held[trace].counted)
            del self._held[trace]

    def settlements(self) -> Iterable[Settlement]:
        """See Settling. As of this call, by trace, ascending."""
        here = sorted(self._affected & self._held.keys())
        return [Settlement(trace=trace, replays=self._replays(trace)) for trace in here]

    def _touch(self, trace: TraceId, keys: Iterable[StepKey]) -> None:
        for key in keys:
            if others := self._others(trace, key):
                self._affected.update((trace, *others))

    def _others(self, trace: TraceId, key: StepKey) -> list[TraceId]:
        return [one for one, held in self._held.items() if one != trace and key in held.counted]

    def _replays(self, trace: TraceId) -> tuple[StepKey, ...]:
        keys = self._held[trace].counted
        return tuple(sorted(key for key in keys if self._has_senior(trace, key)))

    def _has_senior(self, trace: TraceId, key: StepKey) -> bool:
        rank = self._rank(trace)
        return any(self._rank(other) < rank for other in self._others(trace, key))

    def _rank(self, trace: TraceId) -> tuple[Seniority, TraceId]:
        return (self._held[trace].seniority, trace)


class MemoryLedger(UsageLedger):
    """Never waits: a ledger that is held is Busy at once."""

    def __init__(self) -> None:
        self._held: dict[TraceId, _Held] = {}
        self._lock = Lock()
        self._is_begun = False
        self._is_complete = False

    @contextmanager
    def settling(self) -> Iterator[Settling]:
        """See UsageLedger."""
        with self._locked():
            held = deepcopy(self._held)
            yield MemorySettling(held)
            self._held = held
            self._is_complete = self._is_begun

    def is_complete(self) -> bool:
        """See UsageLedger. Once begun anew, it is after the first settling."""
        return self._is_complete

    def begin_anew(self) -> None:
        """See UsageLedger."""
        with self._locked():
            self._held = {}
            self._is_begun = True
            self._is_complete = False

    @contextmanager
    def _locked(self) -> Iterator[None]:
        if not self._lock.acquire(blocking=False):
            raise Busy("the usage ledger is held")
        try:
            yield
        finally:
            self._lock.release()
