"""An index of trails that is lost, damaged or not ours holds nothing, and is made anew."""

import errno
import fcntl
import os
import sqlite3
import stat
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from opentraces.adapters.sqlite_trail_index.index import SqliteTrailIndex
from opentraces.domain.errors import Busy, StorageUnavailable
from opentraces.domain.ids import TraceId
from opentraces.domain.trail.noted import NotedTrail, Searched
from tests.contracts.trail_index import KEY, ONE, SEARCHED, credit, noted, trail

BUCKET = "b7e6"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "state" / "trails.sqlite"


def index_at(path: Path, bucket: str = BUCKET, wait_s: float = 0.1) -> SqliteTrailIndex:
    return SqliteTrailIndex(path, bucket, wait_s)


def filled(path: Path, files: int = 3000) -> SqliteTrailIndex:
    """A complete one, of several pages."""
    trails = index_at(path)
    trails.renew([NotedTrail(noted(ONE, *(f"src/{number}.py" for number in range(files))))])
    trails.settle(KEY, SEARCHED, [(ONE, 3)], [credit(ONE)])
    return trails


def assert_lost(trails: SqliteTrailIndex) -> None:
    assert not trails.is_complete()
    assert trails.known([ONE]) == {}
    assert list(trails.noted(KEY, [], None)) == []
    assert trails.searched(KEY) == Searched()
    assert list(trails.credits(KEY, None, None)) == []


def assert_made_anew(path: Path) -> None:
    trails = index_at(path)
    trails.note([trail(ONE, "a.py")])
    assert not trails.is_complete()
    assert trails.known([ONE]) == {ONE: noted(ONE, "a.py")}
    trails.renew([trail(ONE, "a.py")])
    assert trails.is_complete()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_it_outlives_the_process(path: Path) -> None:
    filled(path, 1)
    again = index_at(path)

    assert again.is_complete()
    assert again.searched(KEY) == SEARCHED
    assert list(again.credits(KEY, None, None)) == [credit(ONE)]


def test_it_is_for_the_user_alone(path: Path) -> None:
    filled(path)

    modes = {each.name: stat.S_IMODE(each.stat().st_mode) for each in path.parent.iterdir()}

    assert set(modes) == {"trails.sqlite", "trails.sqlite.lock", "trails.sqlite-journal"}
    assert set(modes.values()) == {0o600}
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


def test_to_ask_one_that_is_not_there_makes_nothing(path: Path) -> None:
    assert_lost(index_at(path))

    assert not path.parent.exists()


@pytest.mark.parametrize("length", [0, 1, 16, 100, 4096, 10_000, -4096, -1])
def test_one_cut_short_is_lost(path: Path, length: int) -> None:
    filled(path)
    path.write_bytes(path.read_bytes()[:length])

    assert_lost(index_at(path))
    assert_made_anew(path)


@pytest.mark.parametrize("content", [b"", b"not a database at all" * 500])
def test_a_foreign_file_is_replaced(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True)
    path.write_bytes(content)

    assert_lost(index_at(path))
    assert path.read_bytes() == content
    assert_made_anew(path)


def test_another_buckets_is_replaced(path: Path) -> None:
    filled(path)
    assert_lost(index_at(path, "other"))
    assert index_at(path).is_complete()

    index_at(path, "other").note([])

    assert_lost(index_at(path))


def test_another_releases_is_replaced(path: Path) -> None:
    filled(path)
    connection = sqlite3.connect(path)
    connection.execute("PRAGMA user_version = 9")
    connection.close()

    assert_lost(index_at(path))
    assert_made_anew(path)


def test_a_symbolic_link_is_replaced_and_not_followed(path: Path, tmp_path: Path) -> None:
    filled(path)
    path.rename(tmp_path / "elsewhere")
    path.symlink_to(tmp_path / "elsewhere")

    assert_lost(index_at(path))
    assert_made_anew(path)
    assert not path.is_symlink()
    assert index_at(tmp_path / "elsewhere").is_complete()


_ASK: dict[str, Callable[[SqliteTrailIndex], object]] = {
    "asked": lambda trails: trails.known([ONE]),
    "noted": lambda trails: trails.note([trail(ONE, "b.py")]),
}


@pytest.mark.parametrize("name", _ASK)
def test_damage_that_is_met_is_said_once_and_then_it_is_lost(path: Path, name: str) -> None:
    trails = filled(path)
    whole = path.read_bytes()
    path.write_bytes(whole[:8192] + b"\xaa" * (len(whole) - 8192))

    with pytest.raises(StorageUnavailable, match="made anew") as raised:
        _ASK[name](trails)

    assert not isinstance(raised.value, Busy)
    assert_lost(trails)
    assert_made_anew(path)


def test_a_journal_left_behind_is_not_rolled_into_a_new_one(path: Path) -> None:
    trails = filled(path)
    journals: list[bytes] = []

    def spied() -> Any:
        yield trail(ONE, "b.py")
        journals.append(path.with_name(f"{path.name}-journal").read_bytes())

    trails.renew(spied())
    path.unlink()
    path.with_name(f"{path.name}-journal").write_bytes(journals[0])

    assert_made_anew(path)


def test_who_is_held_is_waited_for_and_then_busy(path: Path) -> None:
    trails = filled(path)
    seen: list[object] = []

    def meanwhile() -> Any:
        other = index_at(path)
        with pytest.raises(Busy):
            other.note([trail(ONE)])
        seen.append(other.searched(KEY))
        yield trail(ONE)

    trails.renew(meanwhile())

    assert seen == [SEARCHED]


@pytest.mark.parametrize("call", ["flock", "lockf"])
@pytest.mark.parametrize("number", [errno.ENOLCK, errno.EOPNOTSUPP, errno.ENOSYS, errno.EINVAL])
def test_where_nothing_can_be_locked_nobody_is_waited_for(
    call: str, number: int, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(*_: Any) -> None:
        raise OSError(number, os.strerror(number))

    filled(path, 1)
    kept = path.read_bytes()
    trails = index_at(path, wait_s=600.0)
    monkeypatch.setattr(fcntl, call, refused)
    monkeypatch.setattr(time, "sleep", lambda _: pytest.fail("it waits"))

    for ask in (trails.is_complete, lambda: trails.note([]), lambda: trails.searched(KEY)):
        with pytest.raises(StorageUnavailable, match="has no locks") as raised:
            ask()
        assert not isinstance(raised.value, Busy)

    assert path.read_bytes() == kept


def test_one_that_nobody_may_write_to_can_be_asked(path: Path) -> None:
    filled(path, 1)
    path.chmod(0o400)
    path.parent.chmod(0o500)
    try:
        assert index_at(path).is_complete()
        assert index_at(path).known([TraceId(ONE)])[ONE].searched == 3
    finally:
        path.parent.chmod(0o700)
