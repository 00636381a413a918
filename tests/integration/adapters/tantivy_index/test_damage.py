"""Any bit that flips in an index is found, by whoever reads all of it or writes to it next."""

import fcntl
import random
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from opentraces.adapters.tantivy_index.index import TantivyTraceIndex
from opentraces.adapters.tantivy_index.schema import FINGERPRINT
from opentraces.adapters.tantivy_index.writer import TantivyIndexWriter
from opentraces.domain.errors import Busy
from opentraces.ports.index import IndexState
from tests.contracts.trace_index import A, B, C, fill, step, whole

PLACES = 400


@pytest.fixture
def index(tmp_path: Path) -> TantivyTraceIndex:
    return TantivyTraceIndex(tmp_path, "bucket")


@pytest.fixture
def writer(tmp_path: Path) -> TantivyIndexWriter:
    return TantivyIndexWriter(tmp_path, "bucket", 0.0)


@pytest.fixture
def folder(tmp_path: Path, writer: TantivyIndexWriter) -> Path:
    """The files of an index of some segments, one of which has lost a document."""
    for trace in (A, B, C):
        fill(writer, [whole(trace), *(step(trace, number, f"said {number}") for number in (1, 2))])
    with writer.updating() as update:
        update.put_step(step(B, 2, "amended"), replaces=True)
        update.commit()
    return tmp_path / FINGERPRINT


def flips(folder: Path) -> Iterator[tuple[Path, int, int]]:
    """Files with a byte and a bit of it: the first, middle and last of each, and some more."""
    seeded = random.Random(7)
    files = {file: file.stat().st_size for file in sorted(folder.iterdir())}
    for file, size in files.items():
        for place in {0, size // 2, size - 1} if size else ():
            yield file, place, seeded.randrange(8)
    for _ in range(PLACES):
        file = seeded.choices(list(files), list(files.values()))[0]
        yield file, seeded.randrange(files[file]), seeded.randrange(8)


def flip(file: Path, place: int, bit: int) -> None:
    with file.open("r+b") as opened:
        opened.seek(place)
        (byte,) = opened.read(1)
        opened.seek(place)
        opened.write(bytes([byte ^ 1 << bit]))


def test_each_flipped_bit_is_found(folder: Path, index: TantivyTraceIndex) -> None:
    kinds = set()
    for file, place, bit in flips(folder):
        flip(file, place, bit)
        if index.state() is IndexState.READY:
            named = index.damaged()
            assert file.name in named or (named and file.name == ".digests"), (file, place, bit)
            kinds.add(file.suffix or file.name)
        flip(file, place, bit)

    assert index.damaged() == ()
    assert kinds >= {".idx", ".pos", ".term", ".store", ".fast", ".fieldnorm", ".del", ".json"}


def test_a_missing_file_is_named(folder: Path, index: TantivyTraceIndex) -> None:
    (managed := folder / ".managed.json").unlink()

    assert index.damaged() == (managed.name,)


def test_to_look_for_damage_changes_nothing(folder: Path, index: TantivyTraceIndex) -> None:
    flip(folder / "meta.json", 4000, 1)
    before = {file: (file.read_bytes(), file.stat().st_mtime_ns) for file in folder.iterdir()}

    index.damaged()

    assert {f: (f.read_bytes(), f.stat().st_mtime_ns) for f in folder.iterdir()} == before


def test_a_damaged_list_of_files_is_not_written_on(
    folder: Path, index: TantivyTraceIndex, writer: TantivyIndexWriter
) -> None:
    meta = folder / "meta.json"
    meta.write_bytes(meta.read_bytes().replace(b'"max_doc": 3', b'"max_doc": 2', 1))
    assert index.state() is IndexState.READY

    with writer.updating() as update:
        assert update.indexed() == {}


def test_a_writer_that_was_interrupted_did_no_damage(
    folder: Path, index: TantivyTraceIndex, writer: TantivyIndexWriter
) -> None:
    with suppress(KeyboardInterrupt), writer.updating() as update:
        update.put_step(step(A, 3, "never committed"), replaces=False)
        raise KeyboardInterrupt

    assert index.damaged() == ()
    with writer.updating() as update:
        assert set(update.indexed()) == {A, B, C}


def test_nobody_looks_while_another_writes(
    folder: Path, index: TantivyTraceIndex, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("opentraces.adapters.tantivy_index.index._WAIT_S", 0.0)
    with (folder.parent / "writer.lock").open("rb") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)

        with pytest.raises(Busy):
            index.damaged()


def test_two_may_look_at_once(folder: Path, index: TantivyTraceIndex) -> None:
    with (folder.parent / "writer.lock").open("rb") as lock:
        fcntl.flock(lock, fcntl.LOCK_SH)

        assert index.damaged() == ()
