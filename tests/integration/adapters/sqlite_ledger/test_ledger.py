"""The usage ledger in SQLite."""

import fcntl
import random
import signal
import stat
import subprocess
import sys
from pathlib import Path
from threading import Event, Thread, Timer

import pytest
from hypothesis import given
from hypothesis import strategies as st

from opentraces.adapters.memory.ledger import MemoryLedger
from opentraces.adapters.sqlite_ledger.ledger import SqliteLedger, bucket_of
from opentraces.domain.errors import StorageUnavailable
from opentraces.domain.ids import StepKey
from opentraces.domain.ledger import Claim, UsageCount
from tests.contracts.usage_ledger import (
    ACTS,
    CUTS,
    HYPOTHESIS,
    OLD,
    YOUNG,
    Act,
    Replays,
    UsageLedgerContract,
    cut,
    keep,
    key,
    rank,
)

BUCKET = "b7e6"
AT_ONCE = 50
CLAIM_FOR_EVER = """
import sys
from pathlib import Path
from opentraces.adapters.sqlite_ledger.ledger import SqliteLedger
from opentraces.domain.ledger import Claim, Seniority

path, bucket, name, rounds, at_once = *sys.argv[1:4], *map(int, sys.argv[4:])
ledger = SqliteLedger(Path(path), bucket, 60)
for number in range(rounds):
    with ledger.settling() as settling:
        keys = [f"{key:016x}" for key in range(number * at_once, (number + 1) * at_once)]
        rank = Seniority(int(name), name)
        settling.claim(name, rank, [Claim(key, True) for key in keys])
        list(settling.settlements())
    print(number, flush=True)
"""


def claiming(path: Path, name: int, rounds: int) -> subprocess.Popen[str]:
    arguments = [str(path), BUCKET, str(name), str(rounds), str(AT_ONCE)]
    command = [sys.executable, "-c", CLAIM_FOR_EVER, *arguments]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True)


def claims_below(end: int) -> list[Claim]:
    return [Claim(StepKey(f"{number:016x}"), counted=True) for number in range(end)]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "state" / "ledger.sqlite"


def begun(path: Path) -> SqliteLedger:
    """A complete ledger in which one trace holds 5,000 steps."""
    ledger = SqliteLedger(path, BUCKET, 0.1)
    ledger.begin_anew()
    keep({}, [Act(OLD, 1, tuple(range(5000)))], ledger)
    return ledger


class TestSqliteLedger(UsageLedgerContract):
    @pytest.fixture
    def ledger(self, path: Path) -> SqliteLedger:
        return SqliteLedger(path, BUCKET, 0.1)

    @HYPOTHESIS
    @given(acts=st.lists(ACTS, max_size=12), cuts=CUTS)
    def test_it_says_what_the_ledger_in_memory_says(
        self, ledger: SqliteLedger, acts: list[Act], cuts: list[int]
    ) -> None:
        ledger.begin_anew()
        plain = MemoryLedger()
        for together in cut(acts, cuts):
            here, there = Replays(), Replays()
            assert keep(here, together, ledger) == keep(there, together, plain)
            assert here == there

    def test_every_key_there_is_comes_back(self, ledger: SqliteLedger) -> None:
        keys = sorted(StepKey(digit * 16) for digit in "0123456789abcdef")
        with ledger.settling() as settling:
            settling.claim(OLD, rank(1), [Claim(one, counted=True) for one in keys])
            settling.claim(YOUNG, rank(2), [Claim(one, counted=True) for one in keys])
            replays = {one.trace: one.replays for one in settling.settlements()}

        assert replays[YOUNG] == tuple(keys)

    def test_more_claims_than_one_statement_holds(self, ledger: SqliteLedger) -> None:
        many = tuple(range(2500))

        assert keep({}, [Act(OLD, 1, many)], ledger).responses == 1666
        assert keep({}, [Act(YOUNG, 2, many)], ledger).replays_skipped == 1666


def test_claims_outlive_the_process(path: Path) -> None:
    begun(path)
    again = SqliteLedger(path, BUCKET, 0.1)

    assert again.is_complete()
    assert keep({}, [Act(YOUNG, 2, (1, 2))], again) == UsageCount(0, 2)


def test_the_ledger_is_for_the_user_alone(path: Path) -> None:
    with begun(path).settling() as settling:
        settling.claim(YOUNG, rank(2), [Claim(key(1), counted=True)])
        modes = {one.name: stat.S_IMODE(one.stat().st_mode) for one in path.parent.iterdir()}

    assert set(modes) >= {"ledger.sqlite", "ledger.sqlite.lock", "ledger.sqlite-journal"}
    assert set(modes.values()) == {0o600}
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


def test_a_ledger_that_is_held_is_waited_for(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ledger, is_held, is_waited_for = begun(path), Event(), Event()
    monkeypatch.setattr(
        "opentraces.adapters._sqlite.locks.time.sleep", lambda _: is_waited_for.set()
    )

    def hold() -> None:
        with ledger.settling():
            is_held.set()
            is_waited_for.wait()

    other = Thread(target=hold)
    other.start()
    is_held.wait()

    assert keep({}, [Act(YOUNG, 2, (1,))], SqliteLedger(path, BUCKET, 30)) == UsageCount(0, 1)
    other.join()


def test_it_can_be_asked_while_another_process_settles(path: Path) -> None:
    ledger = begun(path)
    with ledger.settling() as settling:
        settling.claim(YOUNG, rank(2), [Claim(key(1), counted=True)])
        assert SqliteLedger(path, BUCKET, 0.1).is_complete()


def test_it_can_be_asked_while_another_process_replaces_it(path: Path) -> None:
    is_over = Event()
    failures: list[StorageUnavailable] = []

    def look() -> None:
        while not is_over.is_set():
            try:
                SqliteLedger(path, BUCKET, 30).is_complete()
            except StorageUnavailable as error:
                failures.append(error)

    others = [Thread(target=look) for _ in range(2)]
    for other in others:
        other.start()
    try:
        for _ in range(30):
            SqliteLedger(path, BUCKET, 30).begin_anew()
    finally:
        is_over.set()
        for other in others:
            other.join()

    assert failures == []


class TestOfNoUse:
    @pytest.mark.parametrize("length", [0, 1, 16, 100, 4096, 10_000, -4096, -1])
    def test_a_file_cut_short_is_not_complete(self, path: Path, length: int) -> None:
        ledger = begun(path)
        path.write_bytes(path.read_bytes()[:length])

        assert not ledger.is_complete()

    def test_another_buckets_is_not_complete_and_its_claims_are_not_ours(self, path: Path) -> None:
        begun(path)
        other = SqliteLedger(path, "other", 0.1)

        assert not other.is_complete()
        assert keep({}, [Act(YOUNG, 2, (1,))], other) == UsageCount(1, 0)
        assert not other.is_complete()
        assert not SqliteLedger(path, BUCKET, 0.1).is_complete()

    @pytest.mark.parametrize("content", [b"", b"not a database at all" * 500])
    def test_a_foreign_file_is_replaced(self, path: Path, content: bytes) -> None:
        path.parent.mkdir(parents=True)
        path.write_bytes(content)
        ledger = SqliteLedger(path, BUCKET, 0.1)
        assert not ledger.is_complete()

        ledger.begin_anew()
        keep({}, [], ledger)

        assert ledger.is_complete()
        assert stat.S_IMODE(path.stat().st_mode) == 0o600

    def test_a_symbolic_link_is_replaced_and_not_followed(self, path: Path, tmp_path: Path) -> None:
        begun(path)
        path.rename(tmp_path / "elsewhere")
        path.symlink_to(tmp_path / "elsewhere")
        ledger = SqliteLedger(path, BUCKET, 0.1)
        assert not ledger.is_complete()

        ledger.begin_anew()

        assert not path.is_symlink()
        assert SqliteLedger(tmp_path / "elsewhere", BUCKET, 0.1).is_complete()

    def test_damage_that_is_met_in_a_settling_makes_it_incomplete(self, path: Path) -> None:
        ledger = begun(path)
        whole = path.read_bytes()
        path.write_bytes(whole[:8192] + b"\xaa" * (len(whole) - 8192))

        with pytest.raises(StorageUnavailable):
            keep({}, [Act(YOUNG, 2, tuple(range(5000)))], ledger)

        assert not ledger.is_complete()

    def test_a_journal_left_behind_is_not_rolled_into_a_new_ledger(self, path: Path) -> None:
        ledger = begun(path)
        with ledger.settling() as settling:
            settling.claim(YOUNG, rank(2), claims_below(5000))
            journal = path.with_name(f"{path.name}-journal").read_bytes()
        path.with_name(f"{path.name}-journal").write_bytes(journal)

        ledger.begin_anew()
        keep({}, [], ledger)

        assert ledger.is_complete()
        assert keep({}, [Act(YOUNG, 2, (1,))], ledger) == UsageCount(1, 0)


def test_a_rebuilding_ends_with_the_settling_of_the_last_who_began_it(path: Path) -> None:
    first, second = SqliteLedger(path, BUCKET, 0.1), SqliteLedger(path, BUCKET, 0.1)
    first.begin_anew()
    second.begin_anew()

    keep({}, [Act(OLD, 1, (1,))], first)
    assert not second.is_complete()

    keep({}, [], second)
    assert first.is_complete()


def test_four_processes_claim_at_once_as_one_after_the_other(path: Path) -> None:
    SqliteLedger(path, BUCKET, 1).begin_anew()
    processes = [claiming(path, name, rounds=10) for name in range(1, 5)]
    assert [process.communicate()[0].split()[-1] for process in processes] == ["9"] * 4

    with SqliteLedger(path, BUCKET, 1).settling() as settling:
        count = settling.claim(OLD, rank(0), claims_below(10 * AT_ONCE + 1))
        replays = {str(one.trace): len(one.replays) for one in settling.settlements()}

    assert count == UsageCount(1, 10 * AT_ONCE)
    assert replays == {OLD: 0} | {str(name): 10 * AT_ONCE for name in range(1, 5)}


@pytest.mark.parametrize("seed", range(5))
def test_a_settling_that_is_killed_leaves_all_of_it_or_nothing(path: Path, seed: int) -> None:
    begun(path)
    process = claiming(path, 1, rounds=100_000)
    assert process.stdout is not None
    process.stdout.readline()
    Timer(random.Random(seed).uniform(0, 0.1), process.send_signal, [signal.SIGKILL]).start()
    done = len(process.stdout.read().splitlines()) + 1
    process.wait()
    process.stdout.close()
    ledger = SqliteLedger(path, BUCKET, 0.1)

    assert ledger.is_complete()
    with ledger.settling() as settling:
        kept = settling.claim(YOUNG, rank(2), claims_below((done + 2) * AT_ONCE)).replays_skipped

    assert kept in (done * AT_ONCE, (done + 1) * AT_ONCE)


def test_whose_it_is_is_asked_of_no_ledger_that_is_being_replaced(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with SqliteLedger(path, BUCKET, 1.0).settling():
        pass
    assert bucket_of(path) == BUCKET
    monkeypatch.setattr("opentraces.adapters.sqlite_ledger.ledger._LOOK_S", 0.0)

    with path.with_name(f"{path.name}.looking").open("rb") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        assert bucket_of(path) is None

    assert bucket_of(path) == BUCKET


def test_whose_it_is_is_asked_without_a_trace(path: Path) -> None:
    assert bucket_of(path) is None
    assert not path.parent.exists()
    with SqliteLedger(path, BUCKET, 1.0).settling():
        pass
    path.with_name(f"{path.name}.looking").unlink(missing_ok=True)

    assert bucket_of(path) == BUCKET
    assert not path.with_name(f"{path.name}.looking").exists()
