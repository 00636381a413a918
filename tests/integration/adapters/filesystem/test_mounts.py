"""Disks of other machines are told from our own by what the system says of mounts."""

from pathlib import Path

import pytest

from opentraces.adapters.filesystem.mounts import Mounts

TABLE = r"""22 1 259:2 / / rw,relatime shared:1 - ext4 /dev/nvme0n1p2 rw
30 22 0:44 / /mnt/share rw,relatime shared:2 - nfs4 box:/export rw
31 22 0:45 / /mnt/my\040disk rw - cifs //box/c rw
32 30 0:46 / /mnt/share/local rw - tmpfs tmpfs rw
33 22 0:47 / /home/me/remote rw,nosuid - fuse.sshfs me@box: rw
34 22 0:48 / /mnt/c rw - 9p C:\134 rw
broken line
"""


@pytest.fixture
def table(tmp_path: Path) -> Path:
    file = tmp_path / "mountinfo"
    file.write_text(TABLE)
    return file


@pytest.mark.parametrize(
    ("folder", "is_far"),
    [
        ("/home/me/work", False),
        ("/mnt/share", True),
        ("/mnt/share/a/b", True),
        ("/mnt/shared", False),
        ("/mnt/my disk/a", True),
        ("/mnt/share/local/a", False),
        ("/home/me/remote/x", True),
        ("/mnt/c/work", False),
    ],
)
def test_what_another_machine_has_is_far(folder: str, is_far: bool, table: Path) -> None:
    assert Mounts("/home/me/.opentraces", table).is_far(folder) == is_far


def test_the_disk_that_our_own_home_is_on_is_not(table: Path) -> None:
    mounts = Mounts("/mnt/share/me/.opentraces", table)

    assert not mounts.is_far("/mnt/share/work")
    assert mounts.is_far("/mnt/my disk/work")


def test_where_the_system_does_not_tell_nothing_is(tmp_path: Path) -> None:
    assert not Mounts("/home/me", tmp_path / "none").is_far("/mnt/share")


def test_this_machines_own_folders_are_not(tmp_path: Path) -> None:
    assert not Mounts(str(tmp_path)).is_far(str(tmp_path / "work"))
