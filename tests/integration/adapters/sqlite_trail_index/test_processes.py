"""Several processes at one index of trails."""

import random
import signal
import subprocess
import sys
from pathlib import Path
from threading import Event, Thread, Timer

import pytest

from opentraces.adapters.sqlite_trail_index.index import SqliteTrailIndex
from opentraces.domain.errors import StorageUnavailable
from opentraces.domain.ids import TraceId
from tests.contracts.trail_index import KEY, ONE, trail

BUCKET = "b7e6"
NOTE_FOR_EVER = """
import sys
from pathlib import Path
from opentraces.adapters.sqlite_trail_index.index import SqliteTrailIndex
from tests.contracts.trail_index import KEY, SEARCHED, credit, trail

path, bucket, name, rounds = *sys.argv[1:4], int(sys.argv[4])
trails = SqliteTrailIndex(Path(path), bucket, 60)
for number in range(rounds):
    files = [f"{name}/{number}/{part}.py" for part in range(200)]
    trails.note([trail(f"{name}-{number}", *files)])
    found = [credit(f"{name}-{number}", 1, 1, path=file, patch=name) for file in files]
    trails.settle(KEY, SEARCHED, [], found)
    print(number, flush=True)
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "state" / "trails.sqlite"


def noting(path: Path, name: str, rounds: int) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", NOTE_FOR_EVER, str(path), BUCKET, name, str(rounds)]
    folder = Path(__file__).parents[4]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=folder)


def test_four_processes_note_at_once_as_one_after_the_other(path: Path) -> None:
    processes = [noting(path, name, rounds=5) for name in "abcd"]
    assert [process.communicate()[0].split()[-1] for process in processes] == ["4"] * 4
    trails = SqliteTrailIndex(path, BUCKET, 1)

    assert len(trails.noted(KEY, [], None)) == 20
    assert len(list(trails.credits(KEY, None, None))) == 4 * 5 * 200


@pytest.mark.parametrize("seed", range(4))
def test_what_is_killed_leaves_all_of_it_or_nothing(path: Path, seed: int) -> None:
    SqliteTrailIndex(path, BUCKET, 1).renew([])
    process = noting(path, "a", rounds=100_000)
    assert process.stdout is not None
    process.stdout.readline()
    Timer(random.Random(seed).uniform(0, 0.1), process.send_signal, [signal.SIGKILL]).start()
    done = len(process.stdout.read().splitlines()) + 1
    process.wait()
    process.stdout.close()
    trails = SqliteTrailIndex(path, BUCKET, 0.1)

    assert trails.is_complete()
    kept = trails.known([TraceId(f"a-{number}") for number in range(done + 2)])
    assert len(kept) in (done, done + 1)
    assert {len(each.paths) for each in kept.values()} == {200}
    found = [len(list(trails.credits(KEY, None, trace))) for trace in kept]
    assert found[:done] == [200] * done
    assert set(found[done:]) <= {0, 200}


def test_it_can_be_asked_while_another_replaces_it(path: Path) -> None:
    is_over = Event()
    failures: list[StorageUnavailable] = []

    def ask() -> None:
        while not is_over.is_set():
            try:
                SqliteTrailIndex(path, BUCKET, 30).known([ONE])
            except StorageUnavailable as error:
                failures.append(error)

    others = [Thread(target=ask) for _ in range(2)]
    for other in others:
        other.start()
    try:
        for number in range(30):
            SqliteTrailIndex(path, f"{BUCKET}-{number % 2}", 30).renew([trail(ONE, "a.py")])
    finally:
        is_over.set()
        for other in others:
            other.join()

    assert failures == []
