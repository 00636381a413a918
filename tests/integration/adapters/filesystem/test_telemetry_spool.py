"""Telemetry as files, beside those who read and take them away."""

import errno
import fcntl
import os
import stat
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from opentraces.adapters.filesystem import locks, telemetry_spool
from opentraces.adapters.filesystem.spool import FilesystemEventSpool
from opentraces.adapters.filesystem.telemetry_spool import FilesystemTelemetrySpool
from opentraces.domain.errors import Busy, SpoolFull, StorageUnavailable
from opentraces.domain.ids import SessionId
from opentraces.domain.session import Agent
from opentraces.domain.telemetry.records import SessionLines
from tests.contracts.telemetry_spool import (
    LINE,
    MOST,
    MOST_UNKNOWN,
    A,
    B,
    TelemetrySpoolContract,
    lines,
)

LARGE = 1 << 30


def events(home: Path) -> FilesystemEventSpool:
    return FilesystemEventSpool(home, home / "state", Agent.CLAUDE_CODE, "otlp")


class TestFilesystemTelemetrySpool(TelemetrySpoolContract):
    @pytest.fixture
    def spool(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> FilesystemTelemetrySpool:
        self._home = tmp_path / "spool"
        monkeypatch.setattr(telemetry_spool, "MOST_UNKNOWN", MOST_UNKNOWN)
        return FilesystemTelemetrySpool(self._home, "otlp", MOST, reserve=0)

    def waiting(self) -> dict[str, bytes]:
        files = (self._home / "otlp").iterdir()
        return {file.stem: file.read_bytes() for file in files if file.stat().st_size}

    def take_up(self, session: SessionId) -> None:
        assert events(self._home).clear(session, LARGE)

    def test_it_is_read_as_events_are(self, spool: FilesystemTelemetrySpool) -> None:
        spool.add([lines(A), lines(B, 2)])

        read = events(self._home)
        assert [(each.session, each.size) for each in read.waiting()] == [
            (A, len(LINE)),
            (B, 2 * len(LINE)),
        ]
        assert b"".join(read.read(B, 0)) == LINE * 2

    def test_all_of_it_is_for_its_owner_alone(self, spool: FilesystemTelemetrySpool) -> None:
        mask = os.umask(0)
        try:
            spool.add([lines()])
        finally:
            os.umask(mask)

        modes = {stat.S_IMODE(path.stat().st_mode) for path in (self._home / "otlp").iterdir()}
        assert modes == {0o600}
        assert stat.S_IMODE((self._home / "otlp").stat().st_mode) == 0o700

    def test_what_was_torn_is_ended_before_more_is_added(
        self, spool: FilesystemTelemetrySpool
    ) -> None:
        (self._home / "otlp" / "a.jsonl").write_bytes(b'{"opentraces":1,"at')

        spool.add([lines()])

        assert self.waiting() == {A: b'{"opentraces":1,"at\n' + LINE}

    def test_what_waited_before_counts(self, spool: FilesystemTelemetrySpool) -> None:
        spool.add([lines(count=5)])
        again = FilesystemTelemetrySpool(self._home, "otlp", MOST, reserve=0)

        assert again.size() == 5 * len(LINE)
        with pytest.raises(SpoolFull):
            again.add([lines()])

    def test_nothing_is_left_of_what_could_not_be_written_whole(
        self, spool: FilesystemTelemetrySpool, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        spool.add([lines()])
        real = os.write

        def half(descriptor: int, data: bytes) -> int:
            if len(data) < len(LINE):
                raise OSError(errno.ENOSPC, "No space left on device")
            return real(descriptor, data[: len(data) // 2])

        with monkeypatch.context() as patch:
            patch.setattr(os, "write", half)
            with pytest.raises(StorageUnavailable, match="No space left"):
                spool.add([lines()])

        assert self.waiting() == {A: LINE}
        spool.add([lines()])
        assert self.waiting() == {A: LINE * 2}

    def test_a_disk_that_is_nearly_full_is_left_to_others(self, tmp_path: Path) -> None:
        spool = FilesystemTelemetrySpool(tmp_path, "otlp", reserve=1 << 60)

        with pytest.raises(StorageUnavailable, match="nearly full"):
            spool.add([lines()])

    @pytest.mark.parametrize("kind", ["link", "pipe", "folder"])
    def test_what_is_no_file_of_ours_is_not_written_to(
        self, kind: str, spool: FilesystemTelemetrySpool, tmp_path: Path
    ) -> None:
        place, secret = self._home / "otlp" / "a.jsonl", tmp_path / "secret"
        secret.write_bytes(b"")
        make: dict[str, Callable[[], object]] = {
            "link": lambda: place.symlink_to(secret),
            "pipe": lambda: os.mkfifo(place),
            "folder": place.mkdir,
        }
        make[kind]()

        with pytest.raises(StorageUnavailable):
            spool.add([lines()])

        assert secret.read_bytes() == b""

    def test_file_that_is_held_alone_for_long_is_busy(
        self, spool: FilesystemTelemetrySpool, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(telemetry_spool, "_LOCK_TRIES", 3)
        spool.add([lines()])
        with (self._home / "otlp" / "a.jsonl").open("rb") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            with pytest.raises(Busy):
                spool.add([lines()])

        assert self.waiting() == {A: LINE}

    def test_file_that_is_taken_away_before_it_is_held_is_begun_anew(
        self, spool: FilesystemTelemetrySpool, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        spool.add([lines(count=2)])
        taken: list[bool] = []

        def late(descriptor: int, kind: int, name: str, folder: Path) -> None:
            if not taken:
                taken.append(events(self._home).clear(A, LARGE))
            locks.take(descriptor, kind, name, folder)

        monkeypatch.setattr(telemetry_spool, "take", late)
        spool.add([lines()])

        assert taken == [True]
        assert self.waiting() == {A: LINE}

    def test_each_line_is_taken_up_once_by_who_takes_them_up_meanwhile(
        self, tmp_path: Path
    ) -> None:
        spool = FilesystemTelemetrySpool(tmp_path, "otlp", reserve=0)
        read, taken, count = events(tmp_path), [], 400

        def add(first: int) -> None:
            for number in range(first, count, 2):
                line = bytearray(b'{"n":%d}\n' % number)
                spool.add([SessionLines(A, line, 1)])

        with ThreadPoolExecutor(2) as pool:
            writers = [pool.submit(add, first) for first in (0, 1)]
            while not all(writer.done() for writer in writers) or read.waiting():
                data = b"".join(read.read(A, 0))
                if read.clear(A, len(data)):
                    taken += data.splitlines()
                spool.sync()
            for writer in writers:
                writer.result()

        assert sorted(taken) == sorted(b'{"n":%d}' % number for number in range(count))

    def test_what_was_added_is_synced_once(
        self, spool: FilesystemTelemetrySpool, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        synced: list[str] = []

        def note(descriptor: int) -> None:
            synced.append(Path(f"/proc/self/fd/{descriptor}").readlink().name)

        monkeypatch.setattr(os, "fsync", note)
        spool.sync()
        assert synced == ["otlp"]
        spool.add([lines(A), lines(B)])
        spool.add([lines(A)])
        synced.clear()

        spool.sync()
        spool.sync()

        assert sorted(synced) == ["a.jsonl", "b.jsonl", "otlp"]
