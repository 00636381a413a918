"""What is damaged beside traces: the bucket's description, blobs, tombstones, and strangers."""

import errno
import json
import os
from pathlib import Path

import pytest

from opentraces.adapters.filesystem import bucket_file
from opentraces.adapters.filesystem.blobs import FilesystemBlobStore
from opentraces.adapters.filesystem.sealed import sealed
from opentraces.domain.errors import ForeignBucket, NewerFormat, TraceNotFound
from opentraces.domain.ids import canonical_bytes
from tests.contracts.samples import LINES, A, B, header, keep, source
from tests.integration.adapters.filesystem.later import make_trace_later, rewrite
from tests.integration.adapters.filesystem.on_disk import (
    contents,
    keeper_of,
    traces_of,
    writer_of,
)
from tests.integration.adapters.filesystem.test_format import folder_of
from tests.integration.repairing.harm import flipped
from tests.integration.repairing.kept_home import KeptHome
from tests.integration.repairing.kept_traces import DELETED, MANY, PLAIN
from tests.integration.repairing.packing import pack_blob

SOME = "11111111-2222-4333-8444-555555555555"
OTHER = "99999999-2222-4333-8444-555555555555"


SPILLED = b"".join(b"%d spilled %d\n" % (n, n * n % 97) for n in range(300))
"""So irregular that another packer stores it as other bytes."""


class TestAWholeBucket:
    def test_nothing_is_written(self, paired: KeptHome) -> None:
        before = contents(paired.path)
        times = {path: path.stat().st_mtime_ns for path in paired.bucket.rglob("*")}

        done = paired.repair()

        assert (done.ok, done.mended, done.aside, done.traces) == (True, (), (), 7)
        assert contents(paired.bucket) == {
            name.removeprefix("bucket/"): data
            for name, data in before.items()
            if name.startswith("bucket/")
        }
        assert {path: path.stat().st_mtime_ns for path in paired.bucket.rglob("*")} == times

    def test_a_dry_run_writes_nowhere_at_all(self, paired: KeptHome) -> None:
        (folder_of(paired.bucket, MANY) / "source-0.zst").unlink()
        (paired.bucket / "stray").write_bytes(b"?")
        (paired.bucket / "bucket.json").write_bytes(b"?")
        next(paired.bucket.rglob("tombstones/**/*.json")).write_bytes(b"?")
        before = contents(paired.path)

        done = paired.repair(dry_run=True, reproject=True)

        assert not done.ok
        assert len(done.mended) == 4
        assert contents(paired.path) == before

    def test_an_empty_home_stays_empty(self, tmp_path: Path) -> None:
        done = KeptHome(tmp_path / "home").repair()

        assert (done.ok, done.traces) == (True, 0)
        assert not (tmp_path / "home" / "bucket").exists()

    def test_the_bucket_of_another_program_is_refused(self, paired: KeptHome) -> None:
        (paired.bucket / "manifest.json").write_bytes(b"{}")

        with pytest.raises(ForeignBucket):
            paired.repair()


class TestDescription:
    @pytest.mark.parametrize("is_there", [True, False])
    @pytest.mark.parametrize(
        ("said", "named"),
        [((), None), ((SOME,), SOME), ((SOME, SOME), SOME), ((SOME, OTHER), None), (("x",), None)],
    )
    def test_its_name_is_the_one_that_all_agree_on(
        self, paired: KeptHome, said: tuple[str, ...], named: str | None, is_there: bool
    ) -> None:
        path = paired.bucket / "bucket.json"
        before = bucket_file.read_bucket_id(paired.bucket)
        damaged = flipped(path.read_bytes(), 20)
        path.write_bytes(damaged)
        if not is_there:
            path.unlink()
        paired.names = said

        done = paired.repair()

        assert (done.ok, paired.problems()) == (True, set())
        name = bucket_file.read_bucket_id(paired.bucket)
        assert name == named if named else name not in (before, *said)
        if is_there:
            assert (paired.bucket / "quarantine/_/bucket.json.0").read_bytes() == damaged

    def test_a_later_release_made_it_as_it_says(self, paired: KeptHome) -> None:
        path = paired.bucket / "bucket.json"
        said = json.loads(path.read_bytes()) | {"format": "opentraces.bucket/2"}
        del said["digest"]
        path.write_bytes(sealed(canonical_bytes(said)))
        before = paired.files()

        with pytest.raises(NewerFormat):
            paired.repair()
        assert paired.files() == before

        path.write_bytes(flipped(path.read_bytes(), 5))
        before = paired.files()
        with pytest.raises(NewerFormat, match="may be a later"):
            paired.repair()
        assert paired.files() == before

    def test_a_bit_that_makes_it_look_like_a_later_ones_is_told_from_it(
        self, paired: KeptHome
    ) -> None:
        path = paired.bucket / "bucket.json"
        path.write_bytes(path.read_bytes().replace(b"bucket/1", b"bucket/3"))

        assert paired.repair().ok


class TestStrangers:
    def test_they_are_moved_with_all_that_is_in_them(self, paired: KeptHome) -> None:
        places = ("stray", "traces/v1/stray", "traces/v1/5f/stray", "blobs/v1/stray", "quarantined")
        for place in places:
            (paired.bucket / place).parent.mkdir(parents=True, exist_ok=True)
            (paired.bucket / place).write_text(place)
        folder = folder_of(paired.bucket, PLAIN)
        (folder / "notes").mkdir()
        (folder / "notes" / "a").write_text("a")
        (folder / "link").symlink_to("/etc/passwd")

        done = paired.repair()

        assert (done.ok, paired.problems()) == (True, set())
        found = {path: (paired.bucket / path) for path in done.aside}
        assert set(found) == {
            *(f"quarantine/_/stray.{number}" for number in range(4)),
            "quarantine/_/quarantined.0",
            f"quarantine/{PLAIN}/notes.0",
            f"quarantine/{PLAIN}/link.0",
        }
        texts = {path.read_text() for name, path in found.items() if "/_/" in name}
        assert texts == set(places)
        assert (found[f"quarantine/{PLAIN}/notes.0"] / "a").read_text() == "a"
        assert found[f"quarantine/{PLAIN}/link.0"].readlink() == Path("/etc/passwd")
        assert paired.repair().mended == ()

    def test_the_longest_name_is_moved_too(self, paired: KeptHome) -> None:
        for name in ("ä" * 127, "ä" * 126 + "b"):
            (paired.bucket / name).write_text(name)

        assert paired.repair().ok
        assert len(list((paired.bucket / "quarantine" / "_").iterdir())) == 2

    def test_a_blob_that_nobody_names_and_is_damaged_is_moved(self, paired: KeptHome) -> None:
        blob = FilesystemBlobStore(paired.bucket).put([b"nobody names me"]).blob
        path = next(paired.bucket.rglob(f"{blob}.zst"))
        path.write_bytes(b"damaged")

        done = paired.repair()

        assert (done.ok, done.aside) == (True, (f"quarantine/_/{blob}.zst.0",))
        assert not path.exists()


class TestBlobs:
    @pytest.fixture
    def shared(self, tmp_path: Path) -> KeptHome:
        """Two traces that name one blob."""
        home = KeptHome(tmp_path / "home")
        keeper_of(home.path).prepare()
        for trace in (A, B):
            keep(writer_of(home.path), trace)
            with writer_of(home.path).batch() as batch:
                blob = FilesystemBlobStore(home.bucket).put([SPILLED])
                edit = batch.edit(trace, wait=True)
                both = source(len(LINES)), source(700, "out.txt", blob)
                edit.commit(header(*both))
        home.agent.replace("/home/u/out.txt", SPILLED)
        return home

    def test_one_that_two_traces_name_is_put_back_once(self, shared: KeptHome) -> None:
        path = next((shared.bucket / "blobs").rglob("*.zst"))
        path.unlink()

        done = shared.repair()

        assert (done.ok, shared.problems()) == (True, set())
        assert [each.trace for each in done.mended] == [min(A, B)]

    def test_both_refer_to_it_as_it_is_stored_now(self, shared: KeptHome) -> None:
        blob = traces_of(shared.path).envelope(A).header.sources[1].blob
        assert blob is not None
        whole = next((shared.bucket / "blobs").rglob("*.zst")).read_bytes()
        path = pack_blob(shared.path, blob.blob)
        assert path.read_bytes() != whole
        assert shared.problems() == set()
        path.write_bytes(b"damaged")

        done = shared.repair()

        assert (done.ok, shared.problems()) == (True, set())
        refs = {traces_of(shared.path).envelope(each).header.sources[1].blob for each in (A, B)}
        assert len(refs) == 1


class TestTombstones:
    def test_a_damaged_one_is_written_again_and_forbids_still(self, paired: KeptHome) -> None:
        path = next(paired.bucket.rglob(f"{DELETED}.json"))
        whole = path.read_bytes()
        path.write_bytes(flipped(whole, len(whole) - 5))

        done = paired.repair()

        assert (done.ok, path.read_bytes()) == (True, whole)
        assert writer_of(paired.path).is_deleted(DELETED)
        assert done.aside == (f"quarantine/_/{DELETED}.json.0",)


class TestQuarantine:
    def test_evidence_goes_when_the_trace_is_deleted(self, paired: KeptHome) -> None:
        for trace in (PLAIN, MANY):
            [steps] = folder_of(paired.bucket, trace).glob("steps*")
            steps.write_bytes(b"damaged")
            (folder_of(paired.bucket, trace) / "notes").mkdir()
        paired.repair()

        writer_of(paired.path).delete(PLAIN)

        assert [path.name for path in (paired.bucket / "quarantine").iterdir()] == [MANY]
        with pytest.raises(TraceNotFound):
            traces_of(paired.path).envelope(PLAIN)

    def test_evidence_of_an_interrupted_deletion_goes_with_the_next_command(
        self, paired: KeptHome, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        [steps] = folder_of(paired.bucket, PLAIN).glob("steps*")
        steps.write_bytes(b"damaged")
        paired.repair()
        evidence = paired.bucket / "quarantine" / PLAIN
        kept = (evidence / f"{steps.name}.0").read_bytes()
        writer_of(paired.path).delete(PLAIN)
        evidence.mkdir()
        (evidence / f"{steps.name}.0").write_bytes(kept)

        keeper_of(paired.path).prepare()

        assert not evidence.exists()

    def test_a_file_system_without_links_gets_a_copy(
        self, paired: KeptHome, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        path = folder_of(paired.bucket, PLAIN) / "source-0.zst"
        damaged = flipped(path.read_bytes(), 50)
        path.write_bytes(damaged)

        def refuse(*_: object, **__: object) -> None:
            raise OSError(errno.EPERM, "Operation not permitted")

        monkeypatch.setattr(os, "link", refuse)

        done = paired.repair()

        assert (done.ok, paired.problems()) == (True, set())
        assert (paired.bucket / done.aside[0]).read_bytes() == damaged

    def test_the_same_evidence_is_not_put_there_twice(
        self, paired: KeptHome, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        path = folder_of(paired.bucket, PLAIN) / "source-0.zst"
        path.write_bytes(flipped(path.read_bytes(), 50))
        rename = os.rename

        def refuse(old: str, new: str, **more: int) -> None:
            if new == "source-0.zst":
                raise OSError(errno.EIO, "Input/output error")
            rename(old, new, **more)

        with monkeypatch.context() as patch:
            patch.setattr(os, "rename", refuse)
            assert not paired.repair().ok
        evidence = list((paired.bucket / "quarantine" / PLAIN).iterdir())
        assert [each.name for each in evidence] == ["source-0.zst.0"]

        assert paired.repair().ok
        assert list((paired.bucket / "quarantine" / PLAIN).iterdir()) == evidence


class TestLaterReleases:
    def test_what_is_whole_of_one_is_no_damage(self, paired: KeptHome) -> None:
        make_trace_later(folder_of(paired.bucket, MANY))
        rewrite(
            folder_of(paired.bucket, PLAIN) / "trace.json",
            lambda said: said["header"].update(novel="?"),
        )
        before = paired.files()

        done = paired.repair(reproject=True)

        assert (done.ok, done.mended, done.anew) == (True, (), 0)
        assert paired.files() == before

    @pytest.mark.parametrize("change", ["format", "key"])
    def test_what_is_damaged_of_one_is_left_to_it(self, paired: KeptHome, change: str) -> None:
        folder = folder_of(paired.bucket, PLAIN)
        if change == "format":
            make_trace_later(folder)
            (folder / "stray").write_bytes(b"?")
        else:
            rewrite(folder / "trace.json", lambda said: said["header"].update(novel="?"))
            [steps] = folder.glob("steps*")
            steps.write_bytes(b"")
        before = paired.files()

        done = paired.repair()

        assert paired.files() == before
        assert done.ok == (change == "format")
        assert ["later release" in each.text for each in done.left] == [True] * (not done.ok)
