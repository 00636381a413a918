"""Modes of real files: what others may read is found and closed, and nothing else is touched."""

import os
import stat
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from opentraces.adapters.filesystem.privacy import FilesystemPrivacy
from opentraces.domain.errors import StorageUnavailable
from tests.contracts.privacy import PrivacyContract


def mode(path: Path) -> int:
    return stat.S_IMODE(path.lstat().st_mode)


def make(path: Path, mode: int) -> Path:
    if path.suffix:
        path.write_text("said")
    else:
        path.mkdir()
    path.chmod(mode)
    return path


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return make(tmp_path / "place", 0o700)


@pytest.fixture
def privacy(home: Path) -> FilesystemPrivacy:
    return FilesystemPrivacy(home, ())


class TestFilesystemPrivacy(PrivacyContract):
    @pytest.fixture(autouse=True)
    def place(self, home: Path) -> None:
        self.home = home

    def privacy(self, exposed: int) -> FilesystemPrivacy:
        spool = make(self.home / "spool", 0o700)
        make(spool / "own.jsonl", 0o600)
        for number in range(exposed):
            make(spool / f"{number}.jsonl", 0o644)
        return FilesystemPrivacy(self.home, ())


def test_where_there_is_no_home_nothing_is_exposed(tmp_path: Path) -> None:
    assert FilesystemPrivacy(tmp_path / "none", ()).exposed() == ()
    assert FilesystemPrivacy(tmp_path / "none" / "none", ()).close() == 0


@pytest.mark.parametrize("right", [1 << bit for bit in range(6)], ids=oct)
def test_each_right_of_others_is_found_and_goes(
    home: Path, privacy: FilesystemPrivacy, right: int
) -> None:
    bucket = make(home / "bucket", 0o700 | right)
    file = make(bucket / "bucket.json", 0o600 | right)
    home.chmod(0o700 | right)

    assert privacy.exposed() == (str(home), str(bucket), str(file))
    assert privacy.close() == 3
    assert (mode(home), mode(bucket), mode(file)) == (0o700, 0o700, 0o600)


def test_what_is_not_ours_is_left_alone(home: Path, privacy: FilesystemPrivacy) -> None:
    theirs = make(home / "notes.txt", 0o666)

    assert (privacy.exposed(), privacy.close()) == ((), 0)
    assert mode(theirs) == 0o666


def test_what_goes_on_in_ours_is_the_users_own(home: Path, privacy: FilesystemPrivacy) -> None:
    resumed = make(home / "resumed", 0o755)
    make(resumed / "a.jsonl", 0o644)

    assert privacy.exposed() == (str(resumed),)
    assert privacy.close() == 1
    assert [mode(resumed), mode(resumed / "a.jsonl")] == [0o700, 0o644]


def test_another_programs_home_is_left_alone(home: Path, privacy: FilesystemPrivacy) -> None:
    bucket = make(home / "bucket", 0o755)
    make(bucket / "manifest.json", 0o644)

    assert (privacy.exposed(), privacy.close()) == ((), 0)
    assert mode(bucket) == 0o755


def test_no_link_is_followed(home: Path, privacy: FilesystemPrivacy, tmp_path: Path) -> None:
    outside = make(tmp_path / "outside", 0o755)
    file = make(outside / "file.txt", 0o644)
    (home / "spool").symlink_to(outside)
    state = make(home / "state", 0o700)
    (state / "folder").symlink_to(outside)
    (state / "file").symlink_to(file)

    assert (privacy.exposed(), privacy.close()) == ((), 0)
    assert (mode(outside), mode(file)) == (0o755, 0o644)


def test_a_home_behind_a_link_is_ours(home: Path, tmp_path: Path) -> None:
    make(home / "config.toml", 0o644)
    link = tmp_path / "link"
    link.symlink_to(home)

    assert FilesystemPrivacy(link, ()).close() == 1
    assert mode(home / "config.toml") == 0o600
    assert link.is_symlink()


def test_what_is_no_file_is_not_waited_for(home: Path, privacy: FilesystemPrivacy) -> None:
    spool = make(home / "spool", 0o700)
    os.mkfifo(spool / "pipe", 0o644)

    assert (privacy.exposed(), privacy.close()) == ((), 0)


@pytest.mark.skipif(os.geteuid() == 0, reason="root reads everything")
def test_what_cannot_be_looked_into_is_named(home: Path, privacy: FilesystemPrivacy) -> None:
    make(make(home / "spool", 0o700) / "inner", 0o000)

    with pytest.raises(StorageUnavailable, match="inner"):
        privacy.exposed()


@pytest.fixture
def reachable() -> Iterator[Path]:
    """A folder that others reach: those of pytest are private."""
    with tempfile.TemporaryDirectory(dir="/tmp") as place:
        Path(place).chmod(0o711)
        yield Path(place)


@pytest.mark.parametrize(
    ("own", "is_open"), [(0o700, False), (0o750, False), (0o701, True), (0o704, True)], ids=str
)
def test_an_agents_folder_is_open_when_others_may_list_or_enter_it(
    home: Path, reachable: Path, own: int, is_open: bool
) -> None:
    folder = make(reachable / "projects", own)
    privacy = FilesystemPrivacy(home, (folder, reachable / "none"))

    assert privacy.open_to_others() == ((str(folder),) if is_open else ())
    assert privacy.close() == 0
    assert mode(folder) == own


def test_an_agents_folder_behind_a_private_one_is_closed(home: Path, reachable: Path) -> None:
    inner = make(make(reachable / "private", 0o700) / "projects", 0o755)

    assert FilesystemPrivacy(home, (inner,)).open_to_others() == ()
