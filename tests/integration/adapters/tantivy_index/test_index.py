import os
import random
import shutil
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from opentraces.adapters.tantivy_index import lock
from opentraces.adapters.tantivy_index import writer as writing
from opentraces.adapters.tantivy_index.index import TantivyTraceIndex
from opentraces.adapters.tantivy_index.schema import FINGERPRINT
from opentraces.adapters.tantivy_index.writer import TantivyIndexWriter
from opentraces.domain.errors import Busy, Corrupt, StorageUnavailable
from opentraces.domain.query import Query, Term
from opentraces.ports.index import IndexState
from tests.contracts.index_writer import IndexWriterContract
from tests.contracts.trace_index import A, B, C, TraceIndexContract, fill, step


class TestTantivyTraceIndex(TraceIndexContract):
    @pytest.fixture
    def index(self, tmp_path: Path) -> TantivyTraceIndex:
        return TantivyTraceIndex(tmp_path / "index", "bucket")

    @pytest.fixture
    def writer(self, tmp_path: Path) -> TantivyIndexWriter:
        return TantivyIndexWriter(tmp_path / "index", "bucket", 0.0)


class TestTantivyIndexWriter(IndexWriterContract):
    @pytest.fixture
    def index(self, tmp_path: Path) -> TantivyTraceIndex:
        return TantivyTraceIndex(tmp_path / "index", "bucket")

    @pytest.fixture
    def writer(self, tmp_path: Path) -> TantivyIndexWriter:
        return TantivyIndexWriter(tmp_path / "index", "bucket", 0.0)


def test_another_bucket_or_schema_is_absent(tmp_path: Path) -> None:
    fill(TantivyIndexWriter(tmp_path, "mine", 0.0), [step(A, text="needle")])

    assert TantivyTraceIndex(tmp_path, "mine").state() is IndexState.READY
    assert TantivyTraceIndex(tmp_path, "yours").state() is IndexState.ABSENT
    fill(TantivyIndexWriter(tmp_path, "yours", 0.0), [step(B, text="other")])
    assert TantivyTraceIndex(tmp_path, "mine").state() is IndexState.ABSENT
    assert total(TantivyTraceIndex(tmp_path, "yours"), "needle") == 0


def test_indexes_of_other_schemas_go_when_a_new_one_is_complete(tmp_path: Path) -> None:
    old = tmp_path / "0123456789abcdef"
    old.mkdir()
    (old / "meta.json").write_text("{}")
    writer = TantivyIndexWriter(tmp_path, "mine", 0.0)
    with writer.updating() as update:
        update.put_step(step(A, text="needle"), replaces=False)
        assert old.exists()
        update.commit()

    assert sorted(p.name for p in tmp_path.iterdir()) == sorted([FINGERPRINT, "writer.lock"])


def test_only_the_owner_may_look_into_it(tmp_path: Path) -> None:
    root = tmp_path / "index"
    fill(TantivyIndexWriter(root, "mine", 0.0), [])

    assert [p.stat().st_mode & 0o777 for p in (root, root / FINGERPRINT)] == [0o700, 0o700]


class Clock:
    """One that goes on where somebody sleeps, and only there."""

    now = 0.0

    def monotonic(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.now += seconds


def test_a_second_writer_waits_and_is_then_told_that_it_is_busy(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = Clock()
    monkeypatch.setattr(lock, "time", clock)
    patient = TantivyIndexWriter(tmp_path, "mine", 0.3)
    with (
        TantivyIndexWriter(tmp_path, "mine", 0.0).updating(),
        pytest.raises(Busy),
        patient.updating(),
    ):
        pass
    assert 0.3 <= clock.now < 0.5
    with patient.updating() as update:
        update.commit()


def test_where_nothing_can_be_written_storage_is_unavailable(tmp_path: Path) -> None:
    (tmp_path / "index").write_text("a file")

    with (
        pytest.raises(StorageUnavailable),
        TantivyIndexWriter(tmp_path / "index", "mine", 0.0).updating(),
    ):
        pass
    assert TantivyTraceIndex(tmp_path / "index", "mine").state() is IndexState.ABSENT


def test_a_new_index_of_which_nothing_was_committed_begins_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(writing, "_MOST_WAITING", 10)
    writer, index = TantivyIndexWriter(tmp_path, "b", 0.0), TantivyTraceIndex(tmp_path, "b")
    with writer.updating() as update:
        for number in range(1, 9):
            update.put_step(step(A, number, "some words that wait"), replaces=False)
        assert update.indexed() == {}
    assert index.state() is IndexState.ABSENT
    with writer.updating() as update:
        update.put_step(step(A, 1, "words"), replaces=False)
        update.put_step(step(A, 2, "words"), replaces=False)
        update.commit()

    (found,) = index.search(Query((Term("words"),)), 1).traces
    assert len(found.steps) == 2


def test_readers_are_not_disturbed_by_commits_and_merges(tmp_path: Path) -> None:
    fill(TantivyIndexWriter(tmp_path, "b", 0.0), [step(A, 1, "said")])
    is_done = threading.Event()

    def write() -> None:
        for number in range(2, 40):
            fill(TantivyIndexWriter(tmp_path, "b", 1.0), [step(A, number, "said")])
        is_done.set()

    thread = threading.Thread(target=write)
    thread.start()
    asked = 0
    while not is_done.is_set():
        index = TantivyTraceIndex(tmp_path, "b")
        assert index.state() is IndexState.READY
        assert total(index, "said") == 1
        asked += 1
    thread.join()
    assert asked > 0


def cuts(folder: Path) -> Iterator[tuple[Path, int | None]]:
    """Every file of an index with lengths to cut it to; None: it is deleted."""
    for file in sorted(folder.iterdir()):
        length = file.stat().st_size
        sampled = random.Random(file.suffix).sample(range(length), min(length, 12))
        near = (n for n in (*range(10), length // 2, *range(length - 9, length)) if 0 <= n < length)
        yield from ((file, cut) for cut in (None, *sorted({*sampled, *near})))


def test_an_index_that_lost_a_part_is_absent_or_whole_and_can_be_made_anew(tmp_path: Path) -> None:
    whole_root = tmp_path / "whole"
    writer = TantivyIndexWriter(whole_root, "b", 0.0)
    for trace in (A, B, C):
        fill(writer, [step(trace, n, f"said {n}") for n in range(1, 9)])
    with writer.updating() as update:
        update.put_step(step(B, 3, "amended"), replaces=True)
        update.commit()
    absent = 0
    for file, cut in cuts(whole_root / FINGERPRINT):
        root = tmp_path / "cut"
        shutil.rmtree(root, ignore_errors=True)
        shutil.copytree(whole_root, root)
        target = root / FINGERPRINT / file.name
        target.unlink() if cut is None else os.truncate(target, cut)
        index = TantivyTraceIndex(root, "b")
        if index.state() is IndexState.READY:
            assert [total(index, word) for word in ("said", "amended", "3")] == [3, 1, 2]
            continue
        absent += 1
        with pytest.raises(Corrupt):
            index.search(Query(), 1)
    assert absent > 300
    with TantivyIndexWriter(root, "b", 0.0).updating() as update:
        assert update.indexed() == {}
        update.put_step(step(A, 1, "anew"), replaces=False)
        update.commit()
    assert total(TantivyTraceIndex(root, "b"), "anew") == 1


@pytest.mark.parametrize(
    "meta", ["", "garbage", "[]", "null", '{"segments": []}', '{"schema": [], "segments": []}']
)
def test_a_list_of_files_that_is_garbage_is_absent(tmp_path: Path, meta: str) -> None:
    writer, index = TantivyIndexWriter(tmp_path, "b", 0.0), TantivyTraceIndex(tmp_path, "b")
    fill(writer, [step(A, text="said")])
    (tmp_path / FINGERPRINT / "meta.json").write_text(meta)

    assert index.state() is IndexState.ABSENT
    fill(writer, [step(A, text="anew")])
    assert (total(index, "said"), total(index, "anew")) == (0, 1)


def test_damage_that_is_found_while_searching_makes_the_index_absent(tmp_path: Path) -> None:
    fill(TantivyIndexWriter(tmp_path, "b", 0.0), [step(A, text="said")])
    (term,) = (tmp_path / FINGERPRINT).glob("*.term")
    content = bytearray(term.read_bytes())
    content[-40:-8] = bytes(32)  # the footer's text, not its magic number
    term.write_bytes(content)
    index = TantivyTraceIndex(tmp_path, "b")
    assert index.state() is IndexState.READY

    with pytest.raises(Corrupt):
        total(index, "said")
    assert index.state() is IndexState.ABSENT


def total(index: TantivyTraceIndex, word: str) -> int:
    return index.search(Query((Term(word),)), 10).total
