"""What every UsageLedger keeps to."""

from collections.abc import Collection, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import pairwise

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from opentraces.domain.errors import Busy
from opentraces.domain.ids import SessionId, StepKey, TraceId
from opentraces.domain.ledger import Claim, Seniority, UsageCount
from opentraces.ports.ledger import Settling, UsageLedger

Replays = dict[TraceId, tuple[StepKey, ...]]
TRACES = [TraceId(f"{n}a3c5f0e-0000-5000-8000-00000000000{n}") for n in range(5)]
OLD, YOUNG, OTHER = TRACES[:3]


def key(number: int) -> StepKey:
    """Spread over the whole range: half of all keys begin with 8 to f."""
    return StepKey(f"{number * 0x1F2E3D4C5B6A7988 % 2**64:016x}")


def claims(*numbers: int) -> list[Claim]:
    return [Claim(key(number), counted=True) for number in numbers]


def rank(moment: int, session: str = "s") -> Seniority:
    return Seniority(moment, SessionId(session))


@dataclass(frozen=True)
class Act:
    """One trace claims some keys, or gives all of its own back first, or only that."""

    trace: TraceId
    moment: int = 0
    keys: tuple[int, ...] = ()
    released: bool = False
    claimed: bool = True

    @property
    def claims(self) -> list[Claim]:
        """Whether a key counts depends on the key alone, as it does for copies of one step."""
        return [Claim(key(number), counted=number % 3 > 0) for number in self.keys]

    def do(self, settling: Settling) -> UsageCount:
        if self.released:
            settling.release(self.trace)
        if not self.claimed:
            return UsageCount()
        return settling.claim(self.trace, rank(self.moment), self.claims)


@dataclass
class Books:
    """What the ledger has to say, worked out anew each time from all there is."""

    held: dict[TraceId, tuple[int, set[StepKey]]] = field(default_factory=dict)

    def note(self, act: Act) -> None:
        if act.released:
            self.held.pop(act.trace, None)
        if act.claimed:
            before = self.held.get(act.trace, (0, set()))[1]
            self.held[act.trace] = (act.moment, before | {claim.key for claim in act.claims})

    def replays(self) -> Replays:
        return {trace: tuple(sorted(self._replays(trace))) for trace in self.held}

    def _replays(self, trace: TraceId) -> set[StepKey]:
        moment, keys = self.held[trace]
        senior = [k for one, (m, k) in self.held.items() if (m, one) < (moment, trace)]
        return keys & set().union(*senior)


def keep(replays: Replays, acts: Iterable[Act], ledger: UsageLedger) -> UsageCount:
    """Do it all in one settling, and write into `replays` what is to be written."""
    with ledger.settling() as settling:
        count = sum((act.do(settling) for act in acts), UsageCount())
        replays.update((one.trace, one.replays) for one in settling.settlements())
    return count


def not_empty(replays: Replays) -> Replays:
    return {trace: keys for trace, keys in replays.items() if keys}


def cut(acts: Sequence[Act], cuts: Collection[int]) -> list[Sequence[Act]]:
    edges = [0, *sorted({c % (len(acts) + 1) for c in cuts}), len(acts)]
    return [acts[start:end] for start, end in pairwise(edges)]


KEYS = st.lists(st.integers(0, 11), max_size=8).map(tuple)
ACTS = st.builds(
    Act,
    trace=st.sampled_from(TRACES),
    moment=st.integers(-2, 3),
    keys=KEYS,
    released=st.booleans(),
    claimed=st.booleans(),
)
IMPORTS = st.permutations(TRACES).flatmap(
    lambda order: st.tuples(
        *(st.builds(Act, st.just(trace), st.integers(-2, 3), KEYS) for trace in order)
    )
)
CUTS = st.lists(st.integers(0, 20), max_size=4)
HYPOTHESIS = settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.differing_executors]
)


class UsageLedgerContract:
    @pytest.fixture
    def ledger(self) -> UsageLedger:
        raise NotImplementedError("give a ledger that was never used, and waits for 0.1 s")

    def test_a_new_ledger_is_not_complete(self, ledger: UsageLedger) -> None:
        assert not ledger.is_complete()

    def test_it_is_complete_after_the_settling_that_follows_begin_anew(
        self, ledger: UsageLedger
    ) -> None:
        ledger.begin_anew()
        assert not ledger.is_complete()

        keep({}, [Act(OLD, keys=(1,))], ledger)

        assert ledger.is_complete()

    def test_claims_do_not_make_a_lost_ledger_complete(self, ledger: UsageLedger) -> None:
        keep({}, [Act(OLD, keys=(1,))], ledger)

        assert not ledger.is_complete()

    def test_begin_anew_empties_it(self, ledger: UsageLedger) -> None:
        keep({}, [Act(OLD, keys=(1,))], ledger)
        ledger.begin_anew()

        assert keep({}, [Act(YOUNG, keys=(1,))], ledger) == UsageCount(1, 0)

    def test_the_earlier_session_holds_a_shared_step(self, ledger: UsageLedger) -> None:
        with ledger.settling() as settling:
            settling.claim(YOUNG, rank(2), claims(1, 2, 3))
            settling.claim(OLD, rank(1), claims(2, 3))
            said = {one.trace: one.replays for one in settling.settlements()}

        assert said == {OLD: (), YOUNG: tuple(sorted([key(2), key(3)]))}

    def test_of_sessions_that_began_together_the_smaller_id_holds_it(
        self, ledger: UsageLedger
    ) -> None:
        with ledger.settling() as settling:
            settling.claim(OLD, rank(1, "\uffff"), claims(1))
            settling.claim(YOUNG, rank(1, "\U00010000"), claims(1))
            settling.claim(OTHER, rank(1, "a\udcff"), claims(1))
            said = {one.trace: one.replays for one in settling.settlements()}

        assert said == {OTHER: (), OLD: (key(1),), YOUNG: (key(1),)}

    def test_traces_that_share_nothing_are_not_settled(self, ledger: UsageLedger) -> None:
        keep({}, [Act(OLD, keys=(1,))], ledger)

        with ledger.settling() as settling:
            settling.claim(YOUNG, rank(2), claims(2))
            assert list(settling.settlements()) == []

    def test_settlements_come_by_trace_ascending(self, ledger: UsageLedger) -> None:
        with ledger.settling() as settling:
            for trace in reversed(TRACES):
                settling.claim(trace, rank(1), claims(1))
            assert [one.trace for one in settling.settlements()] == TRACES

    def test_a_claim_repeated_names_those_it_shares_with_again(self, ledger: UsageLedger) -> None:
        """Who was stopped before the settlements were written down asks once more."""
        acts = [Act(OLD, 1, (1, 2)), Act(YOUNG, 2, (2,))]
        replays: Replays = {}
        keep({}, acts, ledger)

        assert keep(replays, acts[:1], ledger) == UsageCount()
        assert replays == {OLD: (), YOUNG: (key(2),)}

    def test_release_gives_steps_to_the_next_in_line(self, ledger: UsageLedger) -> None:
        replays: Replays = {}
        keep(replays, [Act(OLD, 1, (1, 2)), Act(YOUNG, 2, (2, 3))], ledger)
        keep(replays, [Act(OLD, released=True, claimed=False)], ledger)

        assert replays[YOUNG] == ()

    def test_a_released_trace_is_not_settled(self, ledger: UsageLedger) -> None:
        keep({}, [Act(OLD, 1, (1,)), Act(YOUNG, 2, (1,))], ledger)

        with ledger.settling() as settling:
            settling.release(YOUNG)
            assert [one.trace for one in settling.settlements()] == [OLD]

    def test_release_of_an_unknown_trace_does_nothing(self, ledger: UsageLedger) -> None:
        with ledger.settling() as settling:
            settling.release(OLD)
            assert list(settling.settlements()) == []

    def test_a_trace_that_lost_its_copies_has_no_replays(self, ledger: UsageLedger) -> None:
        replays: Replays = {}
        keep(replays, [Act(OLD, 1, (1,)), Act(YOUNG, 2, (1,))], ledger)
        keep(replays, [Act(YOUNG, 2, (), released=True)], ledger)

        assert replays[YOUNG] == ()

    def test_another_seniority_replaces_the_one_before(self, ledger: UsageLedger) -> None:
        replays: Replays = {}
        keep(replays, [Act(OLD, 1, (1,)), Act(YOUNG, 2, (1,))], ledger)
        keep(replays, [Act(YOUNG, 0)], ledger)

        assert replays == {OLD: (key(1),), YOUNG: ()}

    def test_responses_and_replays_are_counted_once(self, ledger: UsageLedger) -> None:
        with ledger.settling() as settling:
            first = settling.claim(OLD, rank(1), claims(1, 2, 2))
            again = settling.claim(OLD, rank(1), claims(1, 2, 3))
            copied = settling.claim(YOUNG, rank(2), claims(2, 3, 4))

        assert [first, again, copied] == [UsageCount(2, 0), UsageCount(1, 0), UsageCount(1, 2)]

    def test_what_was_not_paid_for_is_not_counted(self, ledger: UsageLedger) -> None:
        with ledger.settling() as settling:
            count = settling.claim(OLD, rank(1), [Claim(key(1), counted=False)])

        assert count == UsageCount()

    def test_a_step_whose_usage_comes_late_is_counted_then(self, ledger: UsageLedger) -> None:
        with ledger.settling() as settling:
            settling.claim(OLD, rank(1), [Claim(key(1), counted=False)])
            late = settling.claim(OLD, rank(1), claims(1))
            never = settling.claim(OLD, rank(1), [Claim(key(1), counted=False), *claims(1)])

        assert [late, never] == [UsageCount(1, 0), UsageCount()]

    def test_an_exception_keeps_nothing(self, ledger: UsageLedger) -> None:
        ledger.begin_anew()
        with suppress(ZeroDivisionError), ledger.settling() as settling:
            settling.claim(OLD, rank(1), claims(1))
            raise ZeroDivisionError

        assert not ledger.is_complete()
        assert keep({}, [Act(YOUNG, 2, (1,))], ledger) == UsageCount(1, 0)

    def test_a_ledger_that_is_held_is_busy(self, ledger: UsageLedger) -> None:
        with ledger.settling(), pytest.raises(Busy), ledger.settling():
            raise AssertionError

        keep({}, [Act(OLD, keys=(1,))], ledger)

    @HYPOTHESIS
    @given(acts=st.lists(ACTS, max_size=12), cuts=CUTS)
    def test_what_was_written_down_is_always_what_follows_from_all_claims(
        self, ledger: UsageLedger, acts: list[Act], cuts: list[int]
    ) -> None:
        ledger.begin_anew()
        books, written = Books(), Replays()
        for together in cut(acts, cuts):
            keep(written, together, ledger)
            for act in together:
                books.note(act)
            for trace in written.keys() - books.held.keys():
                del written[trace]  # a trace that is gone takes what was written in it along

            assert not_empty(written) == not_empty(books.replays())

    @HYPOTHESIS
    @given(imports=IMPORTS, data=st.data())
    def test_the_order_of_imports_changes_nothing(
        self, ledger: UsageLedger, imports: tuple[Act, ...], data: st.DataObject
    ) -> None:
        outcomes = []
        for _ in range(2):
            ledger.begin_anew()
            written, count = Replays(), UsageCount()
            for together in cut(data.draw(st.permutations(imports)), data.draw(CUTS)):
                count += keep(written, together, ledger)
            outcomes.append((not_empty(written), count))

        assert outcomes[0] == outcomes[1]
