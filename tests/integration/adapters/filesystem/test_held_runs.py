"""Runs of steps that are held for the next time: as many as are allowed, and what was stored."""

from pathlib import Path

import pytest

from opentraces.adapters.filesystem.members_by_isal import gunzipped
from opentraces.adapters.filesystem.texts import FilesystemStepTexts
from opentraces.domain.search import Place
from tests.contracts.samples import A, B, keep, step
from tests.integration.adapters.filesystem.on_disk import keeper_of, writer_of


def kept(home: Path) -> FilesystemStepTexts:
    keeper_of(home).prepare()
    for trace, word in ((A, "one"), (B, "two")):
        keep(writer_of(home), trace, step(1, f"{word} first"), step(2, f"{word} second"))
    return FilesystemStepTexts(home / "bucket")


@pytest.mark.parametrize("most", [0, 100, 4 * 1024 * 1024])
def test_a_step_is_read_alike_however_much_is_held(
    most: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("opentraces.adapters.filesystem.texts._MOST_HELD", most)
    texts = kept(tmp_path / "home")

    for _ in range(2):
        for trace, word in ((A, "one"), (B, "two")):
            assert texts.texts(trace, 1) == {Place.USER: f"{word} first"}
            assert texts.texts(trace, 2) == {Place.USER: f"{word} second"}


def test_many_runs_are_read_alike(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("opentraces.adapters.filesystem.texts._MANY", 1)
    monkeypatch.setattr("opentraces.adapters.filesystem.texts._MOST_HELD", 0)
    kept(tmp_path / "home")
    texts = FilesystemStepTexts(tmp_path / "home" / "bucket", gunzipped)

    for trace, word in ((A, "one"), (B, "two")) * 2:
        assert texts.texts(trace, 2) == {Place.USER: f"{word} second"}


def test_what_was_written_since_is_read(tmp_path: Path) -> None:
    home = tmp_path / "home"
    texts = kept(home)
    assert texts.texts(A, 1) == {Place.USER: "one first"}
    with writer_of(home).batch() as batch:
        edit = batch.edit(A, wait=True)
        edit.append_step(step(1, "amended", revision=1))
        assert edit.envelope is not None
        edit.commit(edit.envelope.header)

    texts.brief(A)
    assert texts.texts(A, 1) == {Place.USER: "amended"}
    assert texts.texts(A, 2) == {Place.USER: "one second"}
