"""What hooks noted, as files."""

from pathlib import Path

import pytest

from opentraces.adapters.filesystem.commit_notes import FilesystemCommitNotes, bring_notes_in_line
from opentraces.domain.enrolment import Checkout, Project
from opentraces.domain.errors import StorageUnavailable
from opentraces.domain.git_hooks import key_of
from tests.contracts.commit_notes import NEW, OLD, OTHER, REPOSITORY, CommitNotesContract


def project(*repositories: str) -> Project:
    checkouts = tuple(Checkout(each.removesuffix("/.git"), each) for each in repositories)
    return Project("p1", "widgets", None, None, ("claude-code",), checkouts)


def set_up(home: Path, repository: str) -> None:
    record = home / "state" / "git" / f"{key_of(repository)}.json"
    record.parent.mkdir(parents=True, exist_ok=True)
    record.write_bytes(b"{}")


@pytest.fixture
def enrolled(tmp_path: Path) -> Path:
    for repository in (REPOSITORY, OTHER):
        set_up(tmp_path, repository)
    bring_notes_in_line(tmp_path, [project(REPOSITORY, OTHER)])
    return tmp_path


class TestFilesystemCommitNotes(CommitNotesContract):
    @pytest.fixture
    def notes(self, enrolled: Path) -> FilesystemCommitNotes:
        self.folder = enrolled / "spool" / "git"
        return FilesystemCommitNotes(enrolled / "spool")

    def add(self, repository: str, lines: bytes) -> None:
        with (self.folder / key_of(repository)).open("ab") as file:
            file.write(lines)


def test_files_are_the_users_alone(enrolled: Path) -> None:
    folder = enrolled / "spool" / "git"

    assert {file.stat().st_mode & 0o777 for file in folder.iterdir()} == {0o600}
    assert folder.stat().st_mode & 0o777 == 0o700


def test_what_is_not_enrolled_or_not_set_up_has_no_file(enrolled: Path) -> None:
    bring_notes_in_line(enrolled, [project(OTHER, "/home/me/third/.git")])

    names = [file.name for file in (enrolled / "spool" / "git").iterdir()]
    assert names == [key_of(OTHER)]


def test_what_was_noted_outlives_a_look_at_what_is_enrolled(enrolled: Path) -> None:
    file = enrolled / "spool" / "git" / key_of(OTHER)
    file.write_bytes(b"post-commit -\n")
    bring_notes_in_line(enrolled, [project(OTHER)])

    assert file.read_bytes() == b"post-commit -\n"


def test_no_link_is_followed(enrolled: Path) -> None:
    file = enrolled / "spool" / "git" / key_of(OTHER)
    elsewhere = enrolled / "elsewhere"
    elsewhere.write_bytes(f"post-rewrite - {OLD} {NEW}\n".encode())
    file.unlink()
    file.symlink_to(elsewhere)

    with pytest.raises(StorageUnavailable, match=key_of(OTHER)):
        FilesystemCommitNotes(enrolled / "spool").read(OTHER)


def test_of_very_many_the_newest_are_read_and_all_are_forgotten(enrolled: Path) -> None:
    notes = FilesystemCommitNotes(enrolled / "spool")
    file = enrolled / "spool" / "git" / key_of(OTHER)
    last = f"post-rewrite - {OLD} {NEW}\n".encode()
    file.write_bytes(b"post-commit 1700000000\n" * 100_000 + last)

    read = notes.read(OTHER)
    assert (read.pairs, read.length) == (((OLD, NEW),), file.stat().st_size)
    notes.clear(OTHER, read)
    assert file.read_bytes() == b""
