"""Indexes of other releases."""

import os
from datetime import datetime
from itertools import count
from pathlib import Path

import pytest

from opentraces.adapters.tantivy_index.collecting import TantivyGarbageCollector
from opentraces.adapters.tantivy_index.index import TantivyTraceIndex
from opentraces.adapters.tantivy_index.lock import LOCK, held
from opentraces.adapters.tantivy_index.writer import TantivyIndexWriter
from opentraces.domain.garbage import GarbageKind, Heap
from opentraces.ports.index import IndexState
from tests.contracts.garbage import NOW, OLD, YOUNG, GarbageCollectorContract, Litter
from tests.contracts.trace_index import A, fill, step

INDEXES = GarbageKind.INDEXES


def leave(root: Path, name: str, changed: datetime) -> None:
    """Leave a folder with a file in it, both last changed then."""
    folder = root / name
    folder.mkdir()
    (folder / "meta.json").write_bytes(b"12345")
    for path in (folder / "meta.json", folder):
        os.utime(path, (changed.timestamp(), changed.timestamp()))


class TestTantivyGarbageCollector(GarbageCollectorContract):
    @pytest.fixture
    def root(self, tmp_path: Path) -> Path:
        fill(TantivyIndexWriter(tmp_path, "mine", 0.0), [step(A, text="needle")])
        for path in (*tmp_path.rglob("*"), tmp_path):
            os.utime(path, (OLD.timestamp(), OLD.timestamp()))
        return tmp_path

    @pytest.fixture
    def collector(self, root: Path) -> TantivyGarbageCollector:
        return TantivyGarbageCollector(root)

    @pytest.fixture
    def kinds(self) -> tuple[GarbageKind, ...]:
        return (INDEXES,)

    @pytest.fixture
    def litter(self, root: Path) -> Litter:
        numbers = count()

        def litter(kind: GarbageKind, changed: datetime) -> int:
            leave(root, f"{next(numbers):016x}", changed)
            return 5

        return litter

    def test_the_index_of_this_release_stays(
        self, root: Path, collector: TantivyGarbageCollector
    ) -> None:
        leave(root, "0123456789abcdef", OLD)

        collector.collect(NOW, remove=True)

        assert TantivyTraceIndex(root, "mine").state() is IndexState.READY
        assert not (root / "0123456789abcdef").exists()

    def test_an_index_that_was_just_written_to_stays(
        self, root: Path, collector: TantivyGarbageCollector
    ) -> None:
        leave(root, "0123456789abcdef", OLD)
        os.utime(root / "0123456789abcdef" / "meta.json", (YOUNG.timestamp(), YOUNG.timestamp()))

        assert collector.collect(OLD, remove=True).total == Heap(0)
        assert (root / "0123456789abcdef" / "meta.json").exists()

    def test_what_has_another_name_stays(
        self, root: Path, tmp_path: Path, collector: TantivyGarbageCollector
    ) -> None:
        leave(root, "mine", OLD)
        leave(root, "0123456789ABCDEF", OLD)
        (root / "fedcba9876543210").symlink_to(root / "mine")
        (root / "0000000000000000").write_text("a file")

        assert collector.collect(NOW, remove=True).total == Heap(0)
        assert {path.name for path in root.iterdir()} > {
            *("mine", "0123456789ABCDEF", "fedcba9876543210", "0000000000000000"),
        }

    def test_an_index_that_is_written_to_is_left_alone(
        self, root: Path, collector: TantivyGarbageCollector
    ) -> None:
        leave(root, "0123456789abcdef", OLD)

        with held(root / LOCK, 0):
            assert collector.collect(NOW, remove=True).total == Heap(0)

        assert (root / "0123456789abcdef").exists()
        assert collector.collect(NOW, remove=True).total == Heap(1, 5)

    def test_where_there_is_no_index_nothing_is_made(self, tmp_path: Path) -> None:
        root = tmp_path / "nowhere"

        assert TantivyGarbageCollector(root).collect(NOW, remove=True).total == Heap(0)
        assert not root.exists()
