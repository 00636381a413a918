"""What the file system of a home can do."""

import errno
import fcntl
import os
from pathlib import Path
from typing import Any

import pytest

from opentraces.adapters.filesystem.home_medium import FilesystemMedium
from opentraces.adapters.filesystem.locks import Locks
from tests.contracts.medium import MediumContract

ROOT = "22 1 8:1 / / rw,relatime shared:1 - ext4 /dev/sda1 rw"
NETWORKS = {
    "nfs": "nfs",
    "nfs4": "nfs4",
    "cifs": "cifs",
    "smb3": "smb3",
    "9p": "9p",
    "fuse.sshfs": "fuse.sshfs",
    "ceph": "ceph",
    "fuse.glusterfs": "fuse.glusterfs",
    "ext4": None,
    "btrfs": None,
    "fuse.gocryptfs": None,
    "overlay": None,
    "tmpfs": None,
}


class TestFilesystemMedium(MediumContract):
    @pytest.fixture(autouse=True)
    def place(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.home = tmp_path / "home"
        (self.home / "state").mkdir(parents=True)
        self.patch = monkeypatch

    def medium(self, *, is_writable: bool) -> FilesystemMedium:
        if not is_writable:  # who may do everything is refused nothing by a mode
            self.patch.setattr(os, "access", lambda *_: False)
        return FilesystemMedium(self.home)

    def test_a_home_that_is_not_there_can_be_made_or_not(self) -> None:
        medium = FilesystemMedium(self.home / "not" / "there")

        assert medium.refusal() is None
        self.patch.setattr(os, "access", lambda *_: False)
        assert str(medium.refusal()).startswith(f"{self.home} cannot be written to: Permission")

    @pytest.mark.parametrize("inner", ["bucket", "state"])
    def test_a_part_that_cannot_be_written_to_is_named(self, inner: str) -> None:
        (self.home / "bucket").mkdir()
        place = self.home / inner
        self.patch.setattr(os, "access", lambda path, _: path != place)

        assert str(FilesystemMedium(self.home).refusal()).startswith(f"{place} cannot be written")

    @pytest.mark.parametrize("number", [errno.ENOLCK, errno.EOPNOTSUPP, errno.ENOSYS])
    def test_without_locks_it_says_so_and_makes_none(self, number: int) -> None:
        def refused(*_: Any) -> None:
            raise OSError(number, os.strerror(number))

        medium = FilesystemMedium(self.home)
        self.patch.setattr(fcntl, "flock", refused)
        assert (medium.refusal(), list((self.home / "state").iterdir())) == (None, [])
        (self.home / "state" / "locks").mkdir()
        (self.home / "state" / "locks" / Locks.BUCKET).touch()

        assert f"{self.home} cannot be written to: its file system has no" in str(medium.refusal())

    def test_a_lock_that_is_held_is_one(self) -> None:
        locks = Locks(self.home / "state")

        held = locks.hold(Locks.BUCKET, wait=True)

        assert FilesystemMedium(self.home).refusal() is None
        held.close()

    @pytest.mark.parametrize(("kind", "network"), NETWORKS.items(), ids=NETWORKS)
    def test_the_kind_of_a_network_is_told(
        self, kind: str, network: str | None, tmp_path: Path
    ) -> None:
        mounts = tmp_path / "mountinfo"
        mounts.write_text(f"{ROOT}\n36 22 0:41 / {tmp_path} rw - {kind} box:/home rw\n")

        assert FilesystemMedium(self.home, mounts).network() == network

    def test_what_is_mounted_nearest_and_last_counts(self, tmp_path: Path) -> None:
        home = tmp_path / "a b"
        home.mkdir()
        name = str(home).replace(" ", "\\040")
        lines = [
            ROOT,
            f"36 22 0:41 / {tmp_path} rw shared:7 master:2 - ext4 /dev/sdb rw",
            f"37 36 0:42 / {name} rw - nfs4 box:/x rw",
            f"38 36 0:43 / {name} rw - cifs //box/x rw",
            f"39 22 0:44 / {tmp_path}/a rw - ext4 /dev/sdc rw",
        ]
        (tmp_path / "mountinfo").write_text("\n".join(lines))

        assert FilesystemMedium(home, tmp_path / "mountinfo").network() == "cifs"

    def test_where_the_kernel_lists_nothing_it_is_not_known(self, tmp_path: Path) -> None:
        assert FilesystemMedium(self.home, tmp_path / "none").network() is None
