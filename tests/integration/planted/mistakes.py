"""Mistakes that somebody could make in what writes the bucket; each must make tests fail.

`PLANTED_MISTAKE=name python -m pytest -p tests.integration.planted.mistakes …` runs tests with one.
"""

import fcntl
import importlib
import os
import pkgutil
import sys
import zlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import zstandard

from opentraces.adapters import filesystem
from opentraces.adapters.filesystem import durable, members, packing, sealed, writing
from opentraces.adapters.filesystem.durable import Barrier, Folder
from opentraces.adapters.filesystem.edit import FilesystemTraceEdit
from opentraces.adapters.filesystem.layout import ENVELOPE, ENVELOPE_TEMPORARY
from opentraces.adapters.filesystem.locks import Lock, Locks
from opentraces.adapters.filesystem.markers import FilesystemMarkers
from opentraces.domain.errors import Corrupt
from opentraces.domain.ids import digest
from opentraces.ports.markers import Markers

TESTS = "tests/integration/adapters/filesystem/"
_POWER = (f"{TESTS}test_losing_power.py", f"{TESTS}test_durability.py")
_FLIPS = (f"{TESTS}test_verifying.py", f"{TESTS}test_format.py")


@dataclass(frozen=True)
class Mistake:
    """One mistake."""

    plant: Callable[[], None]

    caught_by: tuple[str, ...]
    """Files of tests, at least one of which must fail."""


def _sync_nothing() -> None:
    def forget(self: Barrier) -> None:
        self._names.clear()

    _put(Barrier, "flush", forget)


def _sync_no_folder() -> None:
    opened = _get(durable, "_opened")

    def flush_files(self: Barrier) -> None:
        for name in sorted(self._names):
            descriptor = opened(self._root, name)
            try:
                os.fsync(descriptor)
            finally:
                os.close(descriptor)

    _put(durable, "_flushed_whole", lambda _: False)
    _put(Barrier, "_flush_each", flush_files)


def _sync_no_blob() -> None:
    whole = FilesystemTraceEdit.write_envelope

    def without_blobs(self: FilesystemTraceEdit) -> Iterator[str]:
        return (name for name in whole(self) if not name.startswith("blobs/"))

    _put(FilesystemTraceEdit, "write_envelope", without_blobs)
    _put(durable, "_flushed_whole", lambda _: False)


def _rename_before_data_is_durable() -> None:
    def make_durable(bucket: Path, edits: Sequence[FilesystemTraceEdit], markers: Markers) -> None:
        for edit in edits:
            edit.seal()
        changed = [edit for edit in edits if edit.is_changed]
        barrier = Barrier(bucket)
        for edit in changed:
            for name in edit.write_envelope():
                if not name.endswith(ENVELOPE_TEMPORARY):
                    barrier.add(name)
        markers.mark([edit.trace for edit in changed])
        for edit in changed:
            barrier.add(edit.publish())
        barrier.flush()
        for edit in changed:
            edit.clean()

    _put(writing, "make_durable", make_durable)


def _write_the_envelope_in_place() -> None:
    def write_over(self: FilesystemTraceEdit) -> str:
        temporary = Path(f"/proc/self/fd/{self._folder.descriptor}/trace.json.tmp")
        data = temporary.read_bytes()
        flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC
        descriptor = os.open(ENVELOPE, flags, 0o600, dir_fd=self._folder.descriptor)
        os.ftruncate(descriptor, 0)
        durable.write_at(descriptor, 0, data, ENVELOPE)
        os.close(descriptor)
        return f"{self._folder.name}/{ENVELOPE}"

    _put(FilesystemTraceEdit, "publish", write_over)


def _mark_nothing() -> None:
    _put(FilesystemMarkers, "mark", lambda _self, _traces: None)


def _clear_marks_of_later_commits() -> None:
    def clear(self: FilesystemMarkers, trace: str, commit: int) -> None:
        with closing(Folder(self._state, "dirty")) as folder:
            folder.remove(trace)

    _put(FilesystemMarkers, "clear", clear)


def _let_locks_go_at_once() -> None:
    hold = Locks.hold

    def let_go(self: Locks, name: str, *, wait: bool, shared: bool = False) -> Lock:
        lock = hold(self, name, wait=wait, shared=shared)
        fcntl.flock(_get(lock, "_descriptor"), fcntl.LOCK_UN)
        return lock

    _put(Locks, "hold", let_go)


def _append_to_what_is_there() -> None:
    reopen, write_at = Folder.reopen, durable.write_at

    def with_its_tail(self: Folder, file: str, length: int) -> int:
        os.close(os.open(file, os.O_RDWR, dir_fd=self.descriptor))
        cut, os.ftruncate = os.ftruncate, lambda _descriptor, _length: None
        try:
            return reopen(self, file, length)
        finally:
            os.ftruncate = cut

    def at_the_end(descriptor: int, _offset: int, data: bytes, name: str) -> None:
        write_at(descriptor, os.fstat(descriptor).st_size, data, name)

    _put(Folder, "reopen", with_its_tail)
    _everywhere(write_at, at_the_end)


def _take_digests_over_plain_bytes() -> None:
    pack, check = _get(packing, "_packed"), members.check

    def packed(stored: bytes, run: packing.Lines) -> packing.Packed:
        whole: packing.Packed = pack(stored, run)
        member = whole.member.but(digest=digest(run.plain))
        return packing.Packed(stored, member)

    def check_plain(stored: bytes, expected: str, name: str) -> None:
        if digest(_plain(stored, name)) != expected:
            raise Corrupt(f"{name} is damaged: its digest does not match")

    _everywhere(pack, packed)
    _everywhere(check, check_plain)


def _plain(stored: bytes, name: str) -> bytes:
    try:
        if stored.startswith(b"\x28\xb5\x2f\xfd"):
            return zstandard.ZstdDecompressor().decompress(stored)
        return zlib.decompress(stored, 31)
    except (zlib.error, zstandard.ZstdError) as error:
        raise Corrupt(f"{name} cannot be decompressed") from error


def _trust_the_envelope() -> None:
    unsealed = sealed.unsealed

    def without_its_digest(stored: bytes, name: str) -> bytes:
        cut = stored.rfind(b',"digest":')
        return stored[:cut] + b"}" if cut >= 0 else unsealed(stored, name)

    _everywhere(unsealed, without_its_digest)


def _clean_before_it_is_durable() -> None:
    publish = FilesystemTraceEdit.publish

    def publish_and_clean(self: FilesystemTraceEdit) -> str:
        name = publish(self)
        self.clean()
        return name

    _put(FilesystemTraceEdit, "publish", publish_and_clean)


MISTAKES = {
    "nothing is synced": Mistake(_sync_nothing, _POWER),
    "files are synced, and their folders are not": Mistake(_sync_no_folder, _POWER),
    "a blob is not synced": Mistake(_sync_no_blob, _POWER[1:]),
    "an envelope is renamed before its data is durable": Mistake(
        _rename_before_data_is_durable, _POWER
    ),
    "an envelope is written in place": Mistake(_write_the_envelope_in_place, _POWER),
    "earlier files go before the envelope is durable": Mistake(_clean_before_it_is_durable, _POWER),
    "no mark is made before a commit": Mistake(_mark_nothing, _POWER),
    "a mark goes that a later commit has made": Mistake(
        _clear_marks_of_later_commits, (f"{TESTS}test_markers.py",)
    ),
    "a lock is let go at once": Mistake(
        _let_locks_go_at_once, (f"{TESTS}test_bucket.py", f"{TESTS}test_processes.py")
    ),
    "runs are appended to whatever is there": Mistake(_append_to_what_is_there, _POWER),
    "digests are taken over plain bytes": Mistake(_take_digests_over_plain_bytes, _FLIPS),
    "the digest of an envelope is not looked at": Mistake(_trust_the_envelope, _FLIPS),
}


def pytest_configure() -> None:
    """Plant the mistake that the environment names."""
    for module in pkgutil.walk_packages(filesystem.__path__, f"{filesystem.__name__}."):
        importlib.import_module(module.name)
    MISTAKES[os.environ["PLANTED_MISTAKE"]].plant()


def _get(owner: object, name: str) -> Any:
    """Return a part of ours that nobody else is to use."""
    return getattr(owner, name)


def _put(owner: object, name: str, wrong: object) -> None:
    """Put something else in the place of a part of ours."""
    setattr(owner, name, wrong)


def _everywhere(right: object, wrong: object) -> None:
    """Put a function in the place of another, under every name that modules have for it."""
    ours = [module for name, module in sys.modules.items() if name.startswith("opentraces.")]
    for module in ours:
        for name, value in list(vars(module).items()):
            if value is right:
                setattr(module, name, wrong)
