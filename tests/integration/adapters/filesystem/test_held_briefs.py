"""Envelopes that are held for the next time, as long as they are what they were."""

import os
from pathlib import Path

import pytest

from opentraces.adapters.filesystem.layout import tombstone, trace_folder
from opentraces.adapters.filesystem.texts import FilesystemStepTexts
from opentraces.domain.errors import Corrupt, TraceNotFound
from tests.contracts.samples import A, B, keep, step
from tests.integration.adapters.filesystem.on_disk import keeper_of, writer_of


@pytest.fixture
def home(tmp_path: Path) -> Path:
    keeper_of(tmp_path / "home").prepare()
    for trace in (A, B):
        keep(writer_of(tmp_path / "home"), trace, step(1, "one"))
    return tmp_path / "home"


@pytest.fixture
def texts(home: Path) -> FilesystemStepTexts:
    texts = FilesystemStepTexts(home / "bucket")
    assert [texts.brief(trace).steps for trace in (A, B)] == [1, 1]
    return texts


def test_a_trace_that_has_grown_says_so(home: Path, texts: FilesystemStepTexts) -> None:
    keep(writer_of(home), A, step(2, "two"))

    assert [texts.brief(trace).steps for trace in (A, B)] == [2, 1]


def test_a_trace_with_a_tombstone_is_gone(home: Path, texts: FilesystemStepTexts) -> None:
    stone = home / "bucket" / tombstone(A)
    stone.parent.mkdir(parents=True, exist_ok=True)
    stone.write_bytes(b"")

    with pytest.raises(TraceNotFound):
        texts.brief(A)
    assert texts.brief(B).steps == 1


def test_a_trace_that_was_taken_away_is_gone(home: Path, texts: FilesystemStepTexts) -> None:
    (home / "bucket" / trace_folder(A)).rename(home / "elsewhere")

    with pytest.raises(TraceNotFound):
        texts.brief(A)


def test_damage_done_meanwhile_is_seen(home: Path, texts: FilesystemStepTexts) -> None:
    envelope = home / "bucket" / trace_folder(A) / "trace.json"
    before = envelope.stat()
    stored = bytearray(envelope.read_bytes())
    stored[20] ^= 1
    envelope.write_bytes(stored)
    os.utime(envelope, ns=(before.st_atime_ns, before.st_mtime_ns))

    with pytest.raises(Corrupt):
        texts.brief(A)


@pytest.mark.parametrize("most", [0, 1, 3, 40_000])
def test_it_is_read_alike_however_much_is_held(
    most: int, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("opentraces.adapters.filesystem.briefs._MOST_RUNS", most)
    texts = FilesystemStepTexts(home / "bucket")

    for _ in range(3):
        for trace in (A, B):
            assert (texts.brief(trace).trace, texts.brief(trace).steps) == (trace, 1)
