"""An index is read where nothing can be written beside it, and what is refused is no damage."""

import errno
import fcntl
import mmap
import os
from pathlib import Path
from typing import Any

import pytest

from opentraces.adapters.tantivy_index.index import TantivyTraceIndex
from opentraces.adapters.tantivy_index.refusals import refusal
from opentraces.adapters.tantivy_index.schema import FINGERPRINT
from opentraces.adapters.tantivy_index.writer import TantivyIndexWriter
from opentraces.domain.errors import Busy, StorageUnavailable
from opentraces.domain.query import Query, Term
from opentraces.ports.index import IndexState
from tests.contracts.trace_index import A, fill, step, whole
from tests.integration.program.machine import tree

LOCK = ".tantivy-meta.lock"
REFUSED = {
    "a lock": (
        'Failed to acquire Lockfile: IoError(Os { code: 37, kind: Uncategorized, message: "x" })',
        "/x cannot be searched: no file can be locked (No locks available) → keep it on a local",
    ),
    "a map": (
        "Failed to open file for read: 'IoError { io_error: Os { code: 19, kind: Other } }'",
        "/x cannot be searched: its file system maps no files (No such device) → keep it on a",
    ),
    "open files": ("IoError(Os { code: 24, kind: Other })", "/x: Too many open files"),
}


@pytest.fixture
def index(tmp_path: Path) -> TantivyTraceIndex:
    fill(TantivyIndexWriter(tmp_path, "bucket", 0.0), [whole(A), step(A, 1, "said")])
    return TantivyTraceIndex(tmp_path, "bucket", tmp_path / "passing")


def found(index: TantivyTraceIndex) -> int:
    return index.search(Query((Term("said"),)), 10).total


def test_where_nothing_can_be_made_it_is_searched_by_way_of_links(
    index: TantivyTraceIndex, tmp_path: Path
) -> None:
    """As where it may only be read: its lock cannot be opened to be written to."""
    (tmp_path / FINGERPRINT / LOCK).unlink()
    (tmp_path / FINGERPRINT / LOCK).mkdir()
    (tmp_path / "passing").mkdir()
    before = tree(tmp_path)

    assert found(index) == 1

    assert tree(tmp_path) == before
    assert list((tmp_path / "passing").iterdir()) == []


def test_with_no_place_for_links_it_is_said(index: TantivyTraceIndex, tmp_path: Path) -> None:
    (tmp_path / FINGERPRINT / LOCK).unlink()
    (tmp_path / FINGERPRINT / LOCK).mkdir()

    with pytest.raises(StorageUnavailable):
        found(index)

    assert index.state() is IndexState.READY


@pytest.mark.parametrize(("said", "message"), REFUSED.values(), ids=REFUSED)
def test_what_the_machine_refuses_is_named(said: str, message: str) -> None:
    refused = refusal(ValueError(said), Path("/x"))

    assert str(refused).startswith(message)


@pytest.mark.parametrize("said", ["wrong magic", "IoError(Os { code: 2, kind: NotFound })"])
def test_what_it_does_not_refuse_is_damage(said: str) -> None:
    assert refusal(ValueError(said), Path("/x")) is None


@pytest.mark.parametrize("number", [errno.ENOLCK, errno.EOPNOTSUPP, errno.ENOSYS, errno.EINVAL])
def test_without_locks_nobody_is_called_busy_and_nothing_is_lost(
    number: int, index: TantivyTraceIndex, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(*_: Any) -> None:
        raise OSError(number, os.strerror(number))

    before = tree(tmp_path)
    monkeypatch.setattr(fcntl, "flock", refused)

    writer = TantivyIndexWriter(tmp_path, "bucket", 0.0)
    with pytest.raises(StorageUnavailable, match="has no locks") as raised, writer.updating():
        pass

    assert not isinstance(raised.value, Busy)
    assert tree(tmp_path) == before
    assert found(index) == 1


def test_without_maps_no_index_is_begun(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(*_: Any, **__: Any) -> None:
        raise OSError(errno.ENODEV, "No such device")

    monkeypatch.setattr(mmap, "mmap", refused)

    writer = TantivyIndexWriter(tmp_path, "bucket", 0.0)
    said = r"maps no files \(No such device\) → keep it"
    with pytest.raises(StorageUnavailable, match=said), writer.updating():
        pass
