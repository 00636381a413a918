"""What every UseSums keeps to."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from opentraces.domain.skills.counted import Counts, SessionUses, UseCounts
from opentraces.domain.skills.use import Kind
from opentraces.ports.use_sums import UseSums
from tests.contracts.samples import NOBODY, A, B

GREET = UseCounts(Kind.SKILL, "greet", Counts(2, 1, 3, 5, 4))
BASH = UseCounts(Kind.TOOL, "Bash", Counts(7))
OF_A = SessionUses(A, "1", "claude-code", "/home/u/work", 1_795_000_000_000, (GREET, BASH))
OF_B = SessionUses(B, "1", "pi", "", 0, ())

COUNTS = st.builds(Counts, *[st.integers(0, 2**53)] * len(Counts._fields))
WORDS = st.text(st.characters(codec="utf-8"), max_size=20)
USES = st.builds(UseCounts, st.sampled_from(Kind), WORDS, COUNTS)
SESSIONS = st.builds(
    SessionUses,
    st.sampled_from([A, B]),
    WORDS,
    st.sampled_from(["claude-code", "codex-cli"]),
    WORDS,
    st.integers(0, 2**53),
    st.lists(USES, max_size=3).map(tuple),
)


class UseSumsContract:
    @pytest.fixture
    def sums(self) -> UseSums:
        raise NotImplementedError("give empty sums")

    def test_nothing_is_there_at_first(self, sums: UseSums) -> None:
        assert sums.load() == {}

    def test_what_is_saved_is_loaded(self, sums: UseSums) -> None:
        sums.save([OF_A, OF_B])

        assert sums.load() == {A: OF_A, B: OF_B}

    def test_a_save_replaces_everything(self, sums: UseSums) -> None:
        sums.save([OF_A, OF_B])
        sums.save([OF_A._replace(stamp="2", uses=(BASH,))])

        assert sums.load() == {A: OF_A._replace(stamp="2", uses=(BASH,))}

    def test_what_was_loaded_stays_as_it_was(self, sums: UseSums) -> None:
        sums.save([OF_A])
        loaded = sums.load()
        sums.save([OF_B])

        assert loaded == {A: OF_A}

    def test_one_trace_is_forgotten_and_the_others_stay(self, sums: UseSums) -> None:
        sums.save([OF_A, OF_B])
        sums.forget(A)
        sums.forget(A)
        sums.forget(NOBODY)

        assert sums.load() == {B: OF_B}

    @settings(
        suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.differing_executors]
    )
    @given(session=SESSIONS)
    def test_any_session_survives(self, sums: UseSums, session: SessionUses) -> None:
        sums.save([session])

        assert sums.load() == {session.trace: session}
