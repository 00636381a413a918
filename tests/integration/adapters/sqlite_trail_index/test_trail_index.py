"""What is noted of trails, in SQLite."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from opentraces.adapters.memory.trail_index import MemoryTrailIndex
from opentraces.adapters.sqlite_trail_index.index import SqliteTrailIndex
from opentraces.domain.trail.noted import NotedTrail, Searched
from tests.contracts.trail_index import (
    FIRST,
    HERE,
    KEY,
    OTHER,
    SECOND,
    THERE,
    TRACES,
    TrailIndexContract,
    Trails,
    credit,
    noted,
)

BUCKET = "b7e6"

PATHS = ("a.py", "src/a.py", "lib/src/a.py", "b", "src")
WAYS = st.sampled_from(PATHS)
NOTED = st.builds(
    lambda trace, paths, repository, worktree: noted(
        trace, *paths, repository=repository, worktree=worktree
    ),
    st.sampled_from(TRACES),
    st.sets(WAYS, max_size=3),
    st.sampled_from((KEY, OTHER, "")),
    st.sampled_from((HERE, THERE, "")),
)
CREDITS = st.lists(
    st.builds(
        lambda trace, first, length, commit, path, patch: credit(
            trace, first, first and first + length, commit=commit, path=path, patch=patch
        ),
        st.sampled_from(TRACES),
        st.integers(0, 3),
        st.integers(0, 2),
        st.sampled_from((FIRST, SECOND)),
        st.sampled_from(PATHS[:2]),
        st.sampled_from(("p" * 64, "q" * 64)),
    ),
    max_size=4,
)
TRAILS = st.lists(
    st.builds(
        lambda trace, key, found: NotedTrail(trace, {key: tuple(found)}),
        NOTED,
        st.just(KEY),
        CREDITS,
    ),
    max_size=3,
)
ACTS = st.one_of(
    st.tuples(st.just("renew"), TRAILS),
    st.tuples(st.just("note"), TRAILS, st.sets(st.sampled_from(TRACES), max_size=1)),
    st.tuples(
        st.just("settle"),
        st.sampled_from((KEY, OTHER)),
        st.just(Searched(frozenset((FIRST,)), "x")),
        st.lists(st.tuples(st.sampled_from(TRACES), st.integers(1, 5)), max_size=2),
        CREDITS,
    ),
)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "state" / "trails.sqlite"


def everything(trails: Trails) -> object:
    """All that can be asked."""
    keys = (KEY, OTHER, "")
    ways = (None, *((way,) for way in PATHS), PATHS)
    return (
        trails.is_complete(),
        trails.known(TRACES),
        [trails.searched(key) for key in keys],
        [list(trails.noted(key, at, w)) for key in keys for at in ((), (THERE,)) for w in ways],
        [list(trails.credits(key, None, None)) for key in keys],
        [list(trails.credits(key, None, trace)) for key in keys for trace in TRACES],
        [list(trails.credits(key, [FIRST], trace)) for key in keys for trace in (None, *TRACES)],
    )


class TestSqliteTrailIndex(TrailIndexContract):
    @pytest.fixture
    def trails(self, path: Path) -> SqliteTrailIndex:
        return SqliteTrailIndex(path, BUCKET, 0.1)

    @settings(
        max_examples=60,
        deadline=None,
        suppress_health_check=[HealthCheck.function_scoped_fixture],
    )
    @given(acts=st.lists(ACTS, max_size=8))
    def test_it_says_what_the_one_in_memory_says(
        self, path: Path, trails: SqliteTrailIndex, acts: list[tuple[object, ...]]
    ) -> None:
        path.unlink(missing_ok=True)
        plain = MemoryTrailIndex()
        for name, *arguments in acts:
            for each in (trails, plain):
                getattr(each, str(name))(*arguments)

        assert everything(trails) == everything(plain)
