"""A copy of the bucket in another folder."""

import os
import shutil
from collections.abc import Callable
from itertools import product
from pathlib import Path
from typing import Any

import pytest

from opentraces.adapters.filesystem.blobs import FilesystemBlobStore
from opentraces.adapters.filesystem.layout import blob_file, tombstone, trace_folder
from opentraces.adapters.filesystem.markers import FilesystemMarkers
from opentraces.adapters.filesystem.snapshot import batch
from opentraces.adapters.filesystem.snapshot.snapshots import FilesystemSnapshots
from opentraces.adapters.filesystem.traces import committed_number
from opentraces.domain.errors import (
    BadRequest,
    Corrupt,
    NewerFormat,
    OpentracesError,
    StorageUnavailable,
)
from opentraces.domain.ids import TraceId
from opentraces.domain.snapshot import CopyFate
from tests.contracts.samples import LINES, NOBODY, A, B, header, keep, source, step
from tests.contracts.snapshots import C, Side, SnapshotsContract, fates, take, with_note
from tests.integration.adapters.filesystem.later import (
    make_bucket_later,
    make_trace_later,
    rewrite,
)
from tests.integration.adapters.filesystem.on_disk import (
    contents,
    keeper_of,
    traces_of,
    writer_of,
)
from tests.integration.adapters.filesystem.test_format import folder_of


def side(home: Path) -> Side:
    blobs = FilesystemBlobStore(home / "bucket")
    return Side(traces_of(home), blobs, writer_of(home), keeper_of(home))


def snapshots_of(home: Path, place: Path) -> FilesystemSnapshots:
    bucket = place / "bucket"
    markers = FilesystemMarkers(place / "state", lambda trace: committed_number(bucket, trace))
    return FilesystemSnapshots(home, place, markers)


class Places:
    @pytest.fixture
    def home(self, tmp_path: Path) -> Path:
        home = tmp_path / "home"
        keeper_of(home).prepare()
        return home

    @pytest.fixture
    def place(self, tmp_path: Path) -> Path:
        """Not there yet."""
        return tmp_path / "backups" / "place"

    @pytest.fixture
    def here(self, home: Path) -> Side:
        return side(home)

    @pytest.fixture
    def there(self, place: Path) -> Side:
        return side(place)

    @pytest.fixture
    def snapshots(self, home: Path, place: Path) -> FilesystemSnapshots:
        return snapshots_of(home, place)


class TestFilesystemSnapshots(Places, SnapshotsContract):
    @pytest.fixture
    def damage(self, home: Path) -> Callable[[TraceId], None]:
        def damage(trace: TraceId) -> None:
            file = folder_of(home / "bucket", trace) / "steps.jsonl.gz"
            data = bytearray(file.read_bytes())
            data[-1] ^= 1
            file.write_bytes(data)

        return damage

    @pytest.fixture
    def make_another(self, place: Path) -> Callable[[], None]:
        return keeper_of(place).prepare


Lay = Callable[[Path, Path], object]
"""Puts something into a place, given a home."""


def _put(name: str, data: bytes = b"mine") -> Lay:
    def lay(place: Path, home: Path) -> None:
        (place / name).parent.mkdir(parents=True, exist_ok=True)
        (place / name).write_bytes(data)

    return lay


def _link(name: str) -> Lay:
    def lay(place: Path, home: Path) -> None:
        elsewhere = place.parent / "elsewhere"
        elsewhere.mkdir(parents=True)
        (place / name).parent.mkdir(parents=True, exist_ok=True)
        (place / name).symlink_to(elsewhere)

    return lay


def _another_home(place: Path, home: Path) -> None:
    keeper_of(place).prepare()


def _described(change: Callable[[Path], object]) -> Lay:
    def lay(place: Path, home: Path) -> None:
        (place / "bucket").mkdir(parents=True)
        shutil.copy(home / "bucket" / "bucket.json", place / "bucket")
        change(place)

    return lay


IN_THE_WAY: dict[str, tuple[Lay, type[OpentracesError]]] = {
    "a file of somebody": (_put("mine.txt"), BadRequest),
    "a folder of somebody": (_put("mine/mine.txt"), BadRequest),
    "a file where the bucket goes": (_put("bucket"), BadRequest),
    "a folder where the settings go": (_put("config.toml/mine"), BadRequest),
    "a link where the bucket goes": (_link("bucket"), BadRequest),
    "a link where the state goes": (_link("state"), BadRequest),
    "a link where the settings go": (_link("config.toml"), BadRequest),
    "a bucket that says nothing of itself": (_put("bucket/traces/v1/a"), BadRequest),
    "settings without a bucket": (_put("config.toml"), BadRequest),
    "events without a bucket": (_put("spool/claude-code/a.jsonl"), BadRequest),
    "state without a bucket": (_put("state/cursors"), BadRequest),
    "the bucket of another program": (_put("bucket/manifest.json"), BadRequest),
    "another home": (_another_home, BadRequest),
    "our bucket beside a file of somebody": (
        _described(lambda place: (place / "mine.txt").write_bytes(b"mine")),
        BadRequest,
    ),
    "our bucket in the hands of another program": (
        _described(lambda place: (place / "bucket" / "manifest.json").write_bytes(b"{}")),
        BadRequest,
    ),
    "our bucket of a later release": (
        _described(lambda place: make_bucket_later(place / "bucket")),
        NewerFormat,
    ),
    "a damaged bucket": (
        _described(lambda place: (place / "bucket" / "bucket.json").write_bytes(b"{}")),
        Corrupt,
    ),
}


class TestPlace(Places):
    @pytest.mark.parametrize("what", IN_THE_WAY)
    def test_what_is_in_the_way_is_not_touched(
        self, home: Path, here: Side, place: Path, snapshots: FilesystemSnapshots, what: str
    ) -> None:
        keep(here.writer, A, step(1))
        lay, error = IN_THE_WAY[what]
        lay(place, home)
        before = seen(place.parent)

        with pytest.raises(error):
            snapshots.needed()
        with pytest.raises(error):
            take(snapshots, A)

        assert seen(place.parent) == before

    @pytest.mark.parametrize("name", ["", "bucket", "backup", "bucket/backup", "state/backup"])
    @pytest.mark.parametrize("is_linked", [False, True])
    def test_a_place_in_what_is_copied_is_refused(
        self, tmp_path: Path, home: Path, here: Side, name: str, is_linked: bool
    ) -> None:
        keep(here.writer, A, step(1))
        (tmp_path / "link").symlink_to(home)
        place = (tmp_path / "link" if is_linked else home) / name
        before = seen(home)

        with pytest.raises(BadRequest, match="which is to be copied"):
            take(snapshots_of(home, place), A)

        assert seen(home) == before

    def test_a_place_beside_a_bucket_that_is_elsewhere_is_no_place_in_it(
        self, tmp_path: Path, home: Path, here: Side
    ) -> None:
        keep(here.writer, A, step(1))
        (home / "bucket").rename(tmp_path / "disk")
        (home / "bucket").symlink_to(tmp_path / "disk")

        with pytest.raises(BadRequest, match="which is to be copied"):
            take(snapshots_of(home, tmp_path / "disk" / "backup"), A)
        take(snapshots_of(home, tmp_path / "backup"), A)

        assert side(tmp_path / "backup").held() == here.held()

    def test_a_file_is_no_place(self, home: Path, place: Path) -> None:
        place.parent.mkdir(parents=True)
        place.write_bytes(b"mine")

        with pytest.raises(BadRequest, match="is no folder"):
            take(snapshots_of(home, place))

    @pytest.mark.parametrize("begun", ["", "bucket/bucket.json.tmp", "state/locks/snapshot"])
    def test_an_empty_folder_and_one_that_was_merely_begun_are_places(
        self, here: Side, there: Side, place: Path, snapshots: FilesystemSnapshots, begun: str
    ) -> None:
        keep(here.writer, A, step(1))
        (place / begun).parent.mkdir(parents=True) if begun else place.mkdir(parents=True)
        if begun:
            (place / begun).touch()

        take(snapshots, A)

        assert there.held() == here.held()

    @pytest.mark.parametrize("umask", [0, 0o777], ids=oct)
    def test_nobody_else_can_read_the_copy(
        self, home: Path, here: Side, place: Path, snapshots: FilesystemSnapshots, umask: int
    ) -> None:
        with_note(here, A)
        (home / "config.toml").write_text("")
        before = os.umask(umask)
        try:
            take(snapshots, A)
        finally:
            os.umask(before)

        for path in (place, *place.rglob("*")):
            assert path.stat().st_mode & 0o777 == (0o700 if path.is_dir() else 0o600), path


class TestCopy(Places):
    def test_only_what_was_committed_is_copied(
        self, home: Path, here: Side, place: Path, snapshots: FilesystemSnapshots
    ) -> None:
        with_note(here, A)
        here.blobs.put([b"that nobody names"])
        for name in ("source-0.zst", "steps.jsonl.gz"):
            with (folder_of(home / "bucket") / name).open("ab") as file:
                file.write(b"half written")
        for name in ("source-7.zst", "trace.json.tmp"):
            (folder_of(home / "bucket") / name).write_bytes(b"never committed")
        for name in ("trash/a", "quarantine/b", "mine"):
            (home / "bucket" / name).mkdir(parents=True)

        take(snapshots, A)

        kept = here.traces.envelope(A)
        files = {path.name: path.stat().st_size for path in folder_of(place / "bucket").iterdir()}
        sizes = {name: each.length for name, each in kept.files.items()}
        assert files == sizes | {"trace.json": files["trace.json"]}
        assert len(list((place / "bucket" / "blobs").rglob("*.zst"))) == 1
        assert {path.name for path in (place / "bucket").iterdir()} == {
            *("bucket.json", "traces", "blobs"),
        }

    def test_of_what_grew_only_the_end_is_written(
        self, here: Side, place: Path, snapshots: FilesystemSnapshots
    ) -> None:
        keep(here.writer, A, *(step(n, f"{n} " * 300) for n in range(1, 200)))
        keep(here.writer, B, step(1))
        take(snapshots, A, B)
        before = seen(place / "bucket")
        keep(here.writer, A, step(200))

        copied = take(snapshots, A, B)

        folder = folder_of(place / "bucket")
        length = here.traces.envelope(A).steps_length
        assert copied[A].bytes < length + len((folder / "trace.json").read_bytes())
        after = seen(place / "bucket")
        changed = {name for name in before if before[name] != after[name]}
        assert {name.rpartition("/")[2] for name in changed if A in name} == {
            *(A, "source-0.zst", "sources.jsonl.gz", "steps.jsonl.gz", "trace.json"),
        }
        assert not [name for name in changed if B in name]
        for name in ("source-0.zst", "steps.jsonl.gz"):
            inode = next(each[0] for path, each in before.items() if path.endswith(f"{A}/{name}"))
            assert (folder / name).stat().st_ino == inode

    def test_files_of_earlier_generations_go(
        self, here: Side, there: Side, place: Path, snapshots: FilesystemSnapshots
    ) -> None:
        keep(here.writer, A, step(1))
        take(snapshots, A)
        restart(here)

        take(snapshots, A)

        folder = folder_of(place / "bucket")
        assert (folder / "steps.1.jsonl.gz").exists()
        assert not (folder / "steps.jsonl.gz").exists()
        assert there.held() == here.held()

    def test_a_trace_that_changes_while_it_is_copied_is_copied_as_it_is_then(
        self,
        home: Path,
        here: Side,
        there: Side,
        snapshots: FilesystemSnapshots,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        keep(here.writer, A, step(1))
        left = [1, 2, 3]

        def change() -> None:
            left.pop()
            restart(here)

        with monkeypatch.context() as patch:
            before_steps_are_opened(patch, change, times=3)
            assert fates(take(snapshots, A)) == {A: CopyFate.WRITTEN}

        assert left == []
        assert there.held() == here.held()

    def test_a_trace_that_is_deleted_while_it_is_copied_is_not_in_the_copy(
        self,
        here: Side,
        there: Side,
        place: Path,
        snapshots: FilesystemSnapshots,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        keep(here.writer, A, step(1))

        with monkeypatch.context() as patch:
            before_steps_are_opened(patch, lambda: here.writer.delete(A), times=1)
            assert fates(take(snapshots, A)) == {A: CopyFate.GONE}

        assert there.held() == {}
        assert there.writer.is_deleted(A)
        assert not folder_of(place / "bucket").exists()

    def test_what_is_written_is_marked_for_the_index_of_the_copy(
        self, here: Side, place: Path, snapshots: FilesystemSnapshots
    ) -> None:
        keep(here.writer, A, step(1))
        keep(here.writer, B, step(1))
        take(snapshots, A, B)
        for mark in (place / "state" / "dirty").iterdir():
            mark.unlink()
        keep(here.writer, A, step(2))
        here.writer.delete(B)

        take(snapshots, A)

        assert {path.name for path in (place / "state" / "dirty").iterdir()} == {A, B}

    def test_much_is_made_durable_in_parts(
        self,
        here: Side,
        there: Side,
        snapshots: FilesystemSnapshots,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        for trace in (A, B, C):
            keep(here.writer, trace, step(1))
        monkeypatch.setattr(batch, "_TOGETHER", 1)

        with snapshots.updating() as update:
            update.copy([A, B, C])

        assert there.held() == here.held()

    def test_a_copy_that_is_damaged_is_written_anew_when_its_trace_changes(
        self, here: Side, there: Side, place: Path, snapshots: FilesystemSnapshots
    ) -> None:
        for trace in (A, B, C):
            keep(here.writer, trace, step(1))
        with_note(here, NOBODY)
        take(snapshots, A, B, C, NOBODY)
        (folder_of(place / "bucket", A) / "trace.json").write_bytes(b"{}")
        (folder_of(place / "bucket", B) / "steps.jsonl.gz").unlink()
        (folder_of(place / "bucket", C) / "source-0.zst").write_bytes(b"")
        next((place / "bucket" / "blobs").rglob("*.zst")).write_bytes(b"")
        for trace in (B, C):
            keep(here.writer, trace, step(2))
        with_note(here, NOBODY)

        copied = take(snapshots, A, B, C, NOBODY)

        assert set(fates(copied).values()) == {CopyFate.WRITTEN}
        assert there.held() == here.held()

    def test_a_blob_of_which_the_bytes_were_lost_in_the_copy_is_copied_again(
        self, home: Path, here: Side, there: Side, place: Path, snapshots: FilesystemSnapshots
    ) -> None:
        """A file system may have kept its name and its size, of a copying that was interrupted."""
        with_note(here, A)
        [blob] = (home / "bucket" / "blobs").rglob("*.zst")
        take(snapshots)
        copied = place / blob.relative_to(home)
        copied.parent.mkdir(parents=True)
        copied.write_bytes(bytes(blob.stat().st_size))

        take(snapshots, A)

        assert there.held() == here.held()

    def test_no_link_in_the_copy_is_followed(
        self, tmp_path: Path, here: Side, there: Side, place: Path, snapshots: FilesystemSnapshots
    ) -> None:
        with_note(here, A)
        take(snapshots, A)
        victim = tmp_path / "victim"
        victim.write_bytes(b"precious")
        folder = folder_of(place / "bucket")
        blob = next((place / "bucket" / "blobs").rglob("*.zst"))
        for path in (*folder.iterdir(), blob):
            path.unlink()
            path.symlink_to(victim)
        (folder / "trace.json.tmp").symlink_to(victim)

        take(snapshots, A)

        assert victim.read_bytes() == b"precious"
        assert not any(path.is_symlink() for path in place.rglob("*"))
        assert there.held() == here.held()

    def test_a_folder_behind_a_link_in_the_copy_is_not_written_to(
        self, tmp_path: Path, here: Side, place: Path, snapshots: FilesystemSnapshots
    ) -> None:
        keep(here.writer, A, step(1))
        take(snapshots)
        elsewhere = tmp_path / "elsewhere"
        elsewhere.mkdir()
        (place / "bucket" / "traces").symlink_to(elsewhere)

        with pytest.raises(StorageUnavailable):
            take(snapshots, A)

        assert list(elsewhere.iterdir()) == []

    def test_the_settings_follow_and_nothing_else_of_the_home(
        self, tmp_path: Path, home: Path, place: Path, snapshots: FilesystemSnapshots
    ) -> None:
        for name in ("spool/claude-code/a.jsonl", "state/cursors", "index/a", "mine.txt"):
            (home / name).parent.mkdir(parents=True, exist_ok=True)
            (home / name).write_bytes(b"mine")
        (home / "config.toml").write_bytes(b"[query]\nlimit = 3\n")
        (home / "projects.json").write_bytes(b"{}")
        take(snapshots)
        files = {name for name in contents(place) if not name.startswith("state/locks")}
        assert files == {"config.toml", "projects.json", "bucket/bucket.json"}
        assert (place / "config.toml").read_bytes() == b"[query]\nlimit = 3\n"
        before = seen(place)
        take(snapshots)
        assert seen(place) == before

        (home / "config.toml").write_bytes(b"")
        (home / "projects.json").unlink()
        (home / "projects.json").symlink_to(home / "mine.txt")
        take(snapshots)

        assert (place / "config.toml").read_bytes() == b""
        assert not (place / "projects.json").exists()

    def test_room_is_asked_for_what_is_missing(
        self, here: Side, place: Path, snapshots: FilesystemSnapshots
    ) -> None:
        keep(here.writer, A, *(step(n, os.urandom(500).hex()) for n in range(1, 100)))
        with_note(here, B)
        whole = snapshots.needed()
        take(snapshots, A)
        rest = snapshots.needed()
        take(snapshots, A, B)

        stored = sum(path.stat().st_size for path in (place / "bucket").rglob("*.*"))
        assert stored < whole < stored + 10 * 4096
        assert 0 < rest < whole / 2
        assert snapshots.needed() == 0


def _flip(file: Path) -> None:
    data = bytearray(file.read_bytes())
    data[len(data) // 2] ^= 1
    file.write_bytes(data)


def _steal(file: Path) -> None:
    """Put a link in the place of a file."""
    file.rename(file.with_name("stolen"))
    file.symlink_to("stolen")


DAMAGE: dict[str, Callable[[Path], object]] = {
    "flipped": _flip,
    "cut": lambda file: os.truncate(file, file.stat().st_size - 1),
    "gone": Path.unlink,
    "behind a link": _steal,
}
FILES = ("source-0.zst", "steps.jsonl.gz", "sources.jsonl.gz", "trace.json", "a blob")


class TestDamage(Places):
    @pytest.mark.parametrize("is_known", [False, True])
    @pytest.mark.parametrize("harm", [*product(DAMAGE, FILES)], ids=" ".join)
    def test_it_is_named_and_stays_in_its_trace(
        self, home: Path, place: Path, harm: tuple[str, str], is_known: bool
    ) -> None:
        damage, file = harm
        here, there, snapshots = side(home), side(place), snapshots_of(home, place)
        with_note(here, A)
        keep(here.writer, B, step(1))
        if is_known:
            take(snapshots, A)
        before = there.held()
        with_note(here, A, b"another note")
        blob = here.traces.envelope(A).header.sources[1].blob
        assert blob is not None
        name = blob_file(blob.blob) if file == "a blob" else f"{trace_folder(A)}/{file}"
        DAMAGE[damage](home / "bucket" / name)
        stored = contents(home / "bucket")

        copied = take(snapshots, A, B)

        is_gone = file == "trace.json" and damage == "gone"
        assert copied[A].fate is (CopyFate.GONE if is_gone else CopyFate.DAMAGED)
        assert is_gone or name in str(copied[A].reason)
        assert copied[B].fate is CopyFate.WRITTEN
        assert there.held() == before | {B: here.read(B)}
        assert is_known or not folder_of(place / "bucket").exists()
        assert contents(home / "bucket") == stored

    def test_what_the_medium_cannot_read_is_damage_of_its_trace(
        self,
        home: Path,
        here: Side,
        there: Side,
        snapshots: FilesystemSnapshots,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        keep(here.writer, A, step(1))
        keep(here.writer, B, step(1))
        bad = (folder_of(home / "bucket") / "steps.jsonl.gz").stat().st_ino
        real = os.pread

        def pread(descriptor: int, *args: int) -> bytes:
            if os.fstat(descriptor).st_ino == bad:
                raise OSError(5, "Input/output error")
            return real(descriptor, *args)

        with monkeypatch.context() as patch:
            patch.setattr(os, "pread", pread)
            copied = take(snapshots, A, B)

        assert fates(copied) == {A: CopyFate.DAMAGED, B: CopyFate.WRITTEN}
        assert copied[A].reason == f"{trace_folder(A)}/steps.jsonl.gz: Input/output error"
        assert list(there.held()) == [B]

    def test_a_damaged_tombstone_is_named_and_deletes_all_the_same(
        self, home: Path, here: Side, there: Side, snapshots: FilesystemSnapshots
    ) -> None:
        for trace in (A, B):
            keep(here.writer, trace, step(1))
        take(snapshots, A)
        for trace in (A, B):
            here.writer.delete(trace)
            _flip(home / "bucket" / tombstone(trace))

        copied = take(snapshots)

        assert fates(copied) == {A: CopyFate.DELETED, B: CopyFate.DAMAGED}
        assert there.held() == {}
        assert there.writer.is_deleted(A)

    @pytest.mark.parametrize("where", ["home", "place"])
    @pytest.mark.parametrize("change", ["format", "key"])
    def test_what_a_later_release_wrote_is_left_as_it_is(
        self, home: Path, here: Side, place: Path, where: str, change: str
    ) -> None:
        snapshots = snapshots_of(home, place)
        for trace in (A, B):
            keep(here.writer, trace, step(1))
        take(snapshots, A)
        keep(here.writer, A, step(2))
        folder = folder_of((home if where == "home" else place) / "bucket")
        if change == "format":
            make_trace_later(folder)
        else:
            rewrite(folder / "trace.json", lambda said: said.update(mood="good"))
        before = contents(folder_of(place / "bucket"))

        copied = take(snapshots, A, B)

        assert fates(copied) == {A: CopyFate.NEWER, B: CopyFate.WRITTEN}
        assert contents(folder_of(place / "bucket")) == before


class TestDifferent(Places):
    """What was done with the copy itself is kept nowhere else."""

    @pytest.mark.parametrize("ahead", [True, False])
    def test_a_trace_that_went_on_in_the_copy_is_left_as_it_is(
        self, here: Side, there: Side, snapshots: FilesystemSnapshots, ahead: bool
    ) -> None:
        keep(here.writer, A, step(1))
        take(snapshots, A)
        keep(there.writer, A, step(2, "only there"), data=b"only there\n")
        if not ahead:
            keep(here.writer, A, step(2), step(3))
        before = there.held()

        copied = take(snapshots, A)

        assert copied[A].fate is CopyFate.DIFFERENT
        assert copied[A].reason == "the copy has other bytes in source-0.zst"
        assert there.held() == before

    def test_a_source_that_only_the_copy_has_is_left_there(
        self, here: Side, there: Side, snapshots: FilesystemSnapshots
    ) -> None:
        keep(here.writer, A, step(1))
        take(snapshots, A)
        with there.writer.batch() as edits:
            edit = edits.edit(A, wait=True)
            edit.append_source(1, b"only there\n")
            edit.commit(header(source(len(LINES)), source(11, "b"), steps=1))
        before = there.held()

        copied = take(snapshots, A)

        assert copied[A].fate is CopyFate.DIFFERENT
        assert copied[A].reason == "the copy has source-1.zst, and the bucket has not"
        assert there.held() == before

    def test_a_header_that_was_changed_in_the_copy_becomes_that_of_the_bucket(
        self, here: Side, there: Side, snapshots: FilesystemSnapshots
    ) -> None:
        keep(here.writer, A, step(1))
        take(snapshots, A)
        there.writer.revise(A, lambda said: said.but(title="settled there"))

        assert fates(take(snapshots, A)) == {A: CopyFate.WRITTEN}
        assert there.held() == here.held()


def before_steps_are_opened(
    patch: pytest.MonkeyPatch, change: Callable[[], None], times: int
) -> None:
    """Let another process change something right before steps are opened, some times."""
    real = os.open
    waiting = [change] * times

    def opened(path: str, *args: Any, **kwargs: Any) -> int:
        nonlocal waiting
        if waiting and str(path).startswith("steps."):
            now, rest, waiting = waiting[0], waiting[1:], []
            now()
            waiting = rest
        return real(path, *args, **kwargs)

    patch.setattr(os, "open", opened)


def restart(side: Side) -> None:
    """Write the steps of A anew."""
    with side.writer.batch() as edits:
        edit = edits.edit(A, wait=True)
        edit.restart_steps()
        edit.append_step(step(1, "new"))
        edit.commit(header(source(len(LINES)), steps=1))


def seen(folder: Path) -> dict[str, tuple[int, ...]]:
    """Return what changes when a file or folder is written to."""
    found = {str(path): path.lstat() for path in (folder, *folder.rglob("*"))}
    return {name: (each.st_ino, each.st_mtime_ns, each.st_size) for name, each in found.items()}
