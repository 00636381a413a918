"""What every ProgressStore keeps to."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from opentraces.domain.ids import TraceId
from opentraces.domain.progress import Progress, SourceProgress
from opentraces.ports.progress import ProgressStore

A = TraceId("0a3c5f0e-0000-5000-8000-000000000001")
B = TraceId("f14fc1d2-0000-5000-8000-000000000002")

NUMBERS = st.integers(min_value=0, max_value=2**63 - 1)
SOURCES = st.builds(
    SourceProgress,
    consumed=NUMBERS,
    state=st.binary(max_size=200),
    numbers=st.lists(NUMBERS, max_size=20),
)
TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=10)
PROGRESS = st.builds(
    Progress,
    steps_generation=NUMBERS,
    steps_length=NUMBERS,
    release=st.text(st.characters(exclude_categories=["Cs"]), max_size=10),
    steps=NUMBERS,
    moment=st.integers(min_value=-(2**63), max_value=2**63 - 1),
    source=NUMBERS,
    sources=st.dictionaries(NUMBERS, SOURCES, max_size=4),
    stamps=st.dictionaries(TEXTS, TEXTS, max_size=3),
)


def example() -> Progress:
    sources = {
        0: SourceProgress(consumed=120, state=b'\n{"open":1}\0\xff', numbers=[1, 2, 4]),
        3: SourceProgress(consumed=0, state=b"", numbers=[]),
    }
    return Progress(1, 7, release="0.1.0", steps=4, moment=9, source=3, sources=sources)


class ProgressStoreContract:
    @pytest.fixture
    def store(self) -> ProgressStore:
        raise NotImplementedError("give an empty store")

    def test_nothing_is_there_at_first(self, store: ProgressStore) -> None:
        assert store.load(A) is None

    def test_what_was_saved_is_loaded(self, store: ProgressStore) -> None:
        store.save(A, example())

        assert store.load(A) == example()
        assert store.load(B) is None

    @settings(
        suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.differing_executors]
    )
    @given(progress=PROGRESS)
    def test_any_progress_survives(self, store: ProgressStore, progress: Progress) -> None:
        store.save(A, progress)

        assert store.load(A) == progress

    def test_save_replaces(self, store: ProgressStore) -> None:
        store.save(A, example())
        store.save(A, Progress(0, 8, release="0.1.0"))

        assert store.load(A) == Progress(0, 8, release="0.1.0")

    def test_what_was_saved_is_not_changed_by_its_giver(self, store: ProgressStore) -> None:
        given_away = example()
        store.save(A, given_away)
        given_away.sources[0].numbers.append(99)

        assert store.load(A) == example()

    def test_what_was_loaded_is_the_takers_own(self, store: ProgressStore) -> None:
        store.save(A, example())
        loaded = store.load(A)
        assert loaded is not None
        loaded.sources.clear()

        assert store.load(A) == example()

    def test_forget_removes_one(self, store: ProgressStore) -> None:
        store.save(A, example())
        store.save(B, example())

        store.forget(A)

        assert store.load(A) is None
        assert store.load(B) == example()

    def test_forget_of_nothing_does_nothing(self, store: ProgressStore) -> None:
        store.forget(A)

        assert store.load(A) is None
