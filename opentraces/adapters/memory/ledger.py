"""The usage ledger in dicts: its rule in the plainest words."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from copy import deepcopy
from dataclasses import field
from threading import Lock

from opentraces.domain.errors import Busy
from opentraces.domain.ids import StepKey, TraceId
from opentraces.domain.ledger import Claim, Seniority, Settlement, UsageCount
from opentraces.domain.slotted import mutable_dataclass
from opentraces.domain.usage.portions import Portion, Span
from opentraces.domain.usage.spent import Account, Spent
from opentraces.ports.ledger import Settling, UsageLedger
from opentraces.ports.usage_book import UsageBook


@mutable_dataclass
class _Held:
    """What one trace claims."""

    seniority: Seniority
    counted: dict[StepKey, bool] = field(default_factory=dict)
    spent: dict[StepKey, Spent] = field(default_factory=dict)
    account: Account | None = None


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
            known = mine.spent.get(claim.key)
            if claim.spent is not None and (known is None or claim.spent.step <= known.step):
                mine.spent[claim.key] = claim.spent
        self._touch(trace, {claim.key for claim in claims})
        new = [key for key, counted in mine.counted.items() if counted and not before.get(key)]
        replays = sum(bool(self._others(trace, key)) for key in new)
        return UsageCount(responses=len(new) - replays, replays_skipped=replays)

    def describe(self, account: Account) -> None:
        """See Settling."""
        if account.trace in self._held:
            self._held[account.trace].account = account

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

    def portions(self, span: Span, lengths: Sequence[int]) -> Iterator[Portion]:
        """See UsageBook. Each response is a portion of its own."""
        for trace, held in self._held.items():
            own = {each.message for each in held.spent.values() if not each.is_aside}
            for key, spent in held.spent.items():
                is_aside_replay = spent.is_aside and spent.message in own - {None}
                is_replay = is_aside_replay or self._has_senior(trace, key)
                is_spent = any(spent.tokens) or bool(spent.cost_usd)
                if span.holds(spent.moment) and held.account is not None and is_spent:
                    yield _portion(held.account, spent, lengths, is_replay=is_replay)

    def accounts(self) -> Iterator[Account]:
        """See UsageBook."""
        for held in self._held.values():
            if held.account is not None and held.account.beside:
                yield held.account

    def _replays(self, trace: TraceId) -> tuple[StepKey, ...]:
        keys = self._held[trace].counted
        return tuple(sorted(key for key in keys if self._has_senior(trace, key)))

    def _has_senior(self, trace: TraceId, key: StepKey) -> bool:
        rank = self._rank(trace)
        return any(self._rank(other) < rank for other in self._others(trace, key))

    def _rank(self, trace: TraceId) -> tuple[Seniority, TraceId]:
        return (self._held[trace].seniority, trace)


def _portion(account: Account, spent: Spent, lengths: Sequence[int], *, is_replay: bool) -> Portion:
    prompt = spent.tokens.total - spent.tokens.output
    return Portion(
        account=account._replace(beside=()),
        model=spent.model,
        is_fast=spent.is_fast,
        length=sum(prompt > length for length in lengths),
        is_told=spent.cost_usd is not None,
        is_replay=is_replay,
        first=spent.moment,
        last=spent.moment,
        responses=int(any(spent.tokens)),
        tokens=spent.tokens,
        cost_usd=spent.cost_usd or 0.0,
    )


class MemoryLedger(UsageLedger, UsageBook):
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

    def portions(self, span: Span, lengths: Sequence[int]) -> list[Portion]:
        """See UsageBook."""
        return list(MemorySettling(self._held).portions(span, lengths))

    def accounts(self) -> list[Account]:
        """See UsageBook."""
        return list(MemorySettling(self._held).accounts())

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
