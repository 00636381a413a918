"""Enrolled projects as projects.json, and as the lists that hooks read."""

import os
import stat
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import orjson
import pytest

from opentraces.adapters.filesystem.enrolments import FilesystemEnrolments
from opentraces.domain.errors import Corrupt, NewerFormat, StorageUnavailable
from opentraces.domain.session import Agent
from tests.contracts.enrolments import CLAUDE, NOTES, WIDGETS, EnrolmentsContract, put

ENROL_TWENTY = """
import sys
from pathlib import Path
from dataclasses import replace
from opentraces.adapters.filesystem.enrolments import FilesystemEnrolments
from opentraces.domain.enrolment import Checkout, Project

enrolments = FilesystemEnrolments(Path(sys.argv[1]))
for number in range(20):
    path = f"/{sys.argv[2]}/{number}"
    project = Project(path, path, None, None, ("claude-code",), (Checkout(path),))
    enrolments.update(lambda projects: (*projects, project))
"""


class TestFilesystemEnrolments(EnrolmentsContract):
    @pytest.fixture
    def enrolments(self, home: Path) -> FilesystemEnrolments:
        return FilesystemEnrolments(home / ".opentraces")

    @pytest.fixture
    def lose_lists(self, home: Path) -> Callable[[], None]:
        def lose() -> None:
            for file in (home / ".opentraces" / "state" / "enrolled").iterdir():
                file.unlink()

        return lose


@pytest.fixture
def store(home: Path) -> Path:
    """The folder of all that is kept, with a project enrolled."""
    FilesystemEnrolments(home / ".opentraces").update(put(WIDGETS))
    return home / ".opentraces"


def test_nothing_is_made_by_looking(home: Path) -> None:
    enrolments = FilesystemEnrolments(home / ".opentraces")

    assert enrolments.projects() == ()
    assert enrolments.listed(CLAUDE) == ()
    assert not (home / ".opentraces").exists()


def test_the_list_is_one_path_a_line_as_the_kernel_has_it(store: Path) -> None:
    FilesystemEnrolments(store).update(put(WIDGETS, NOTES))

    lists = store / "state" / "enrolled"
    assert (lists / CLAUDE).read_bytes() == b"/w/widgets\n/w/widgets-fix\n"
    assert (lists / "another-agent").read_bytes() == "/w/é/notes ".encode() + b"\xff\n"
    assert {file.name for file in lists.iterdir()} == {"another-agent", *Agent}


def test_projects_are_readable_by_people(store: Path) -> None:
    text = (store / "projects.json").read_text(encoding="utf-8")

    assert text.startswith('{\n  "format": "opentraces.projects/1",\n  "projects": [\n    {\n')
    assert text.endswith("}\n")
    assert orjson.loads(text)["projects"][0]["remote"] == "github.com/acme/widgets"


def test_all_is_for_the_user_alone(store: Path) -> None:
    lists = store / "state" / "enrolled"
    modes = [stat.S_IMODE(p.stat().st_mode) for p in (store / "projects.json", lists / CLAUDE)]

    assert modes == [0o600, 0o600]
    assert [stat.S_IMODE(folder.stat().st_mode) for folder in (store, lists)] == [0o700, 0o700]


def test_a_list_that_differs_is_written_again(store: Path) -> None:
    place = store / "state" / "enrolled" / CLAUDE
    for wrong in (b"", b"/w/widgets\n", place.read_bytes() + b"/w/evil\n"):
        place.write_bytes(wrong)

        FilesystemEnrolments(store).relist()

        assert place.read_bytes() == b"/w/widgets\n/w/widgets-fix\n"


def test_a_list_is_as_old_as_the_projects_it_is_made_of(store: Path) -> None:
    place = store / "state" / "enrolled" / CLAUDE
    assert place.stat().st_mtime_ns == (store / "projects.json").stat().st_mtime_ns

    os.utime(store / "projects.json", ns=(0, 0))
    FilesystemEnrolments(store).relist()

    assert place.stat().st_mtime_ns == 0


def test_a_list_that_is_in_line_is_not_written(store: Path) -> None:
    place = store / "state" / "enrolled" / CLAUDE
    before = place.stat().st_ino

    FilesystemEnrolments(store).relist()
    FilesystemEnrolments(store).update(lambda projects: projects)

    assert place.stat().st_ino == before


def test_without_projects_nothing_is_listed(store: Path) -> None:
    (store / "projects.json").unlink()

    FilesystemEnrolments(store).relist()

    assert not (store / "state" / "enrolled" / CLAUDE).exists()


def test_what_an_interrupted_write_left_is_no_list(store: Path) -> None:
    (store / "state" / "enrolled" / ".claude-code.tmp").write_bytes(b"/w/ev")

    FilesystemEnrolments(store).relist()
    FilesystemEnrolments(store).update(put(NOTES))

    names = {file.name for file in (store / "state" / "enrolled").iterdir()}
    assert names == {"another-agent", *Agent}


def test_the_list_never_names_what_is_enrolled_no_more(store: Path) -> None:
    """Not even where the disk refuses the list of what is left."""
    (store / "projects.json.tmp").mkdir()

    with pytest.raises(StorageUnavailable, match=r"projects\.json\.tmp"):
        FilesystemEnrolments(store).update(put())

    assert FilesystemEnrolments(store).projects() == (WIDGETS,)
    assert FilesystemEnrolments(store).listed(CLAUDE) == ()


DAMAGED = {
    "empty": b"",
    "no JSON": b"{",
    "no text": b"\xff",
    "no object": b"[]",
    "nothing said": b"{}",
    "another file": b'{"format":"x"}',
    "no list": b'{"format":"opentraces.projects/1","projects":{}}',
    "no project": b'{"format":"opentraces.projects/1","projects":[1]}',
    "half a project": b'{"format":"opentraces.projects/1","projects":[{"project_id":"x"}]}',
    "deep": b"[" * 100_000,
}


@pytest.mark.parametrize("stored", DAMAGED.values(), ids=DAMAGED)
def test_a_damaged_file_is_named_and_left_alone(store: Path, stored: bytes) -> None:
    (store / "projects.json").write_bytes(stored)

    with pytest.raises(Corrupt, match=r"projects\.json"):
        FilesystemEnrolments(store).projects()
    with pytest.raises(Corrupt, match=r"projects\.json"):
        FilesystemEnrolments(store).update(put())

    assert (store / "projects.json").read_bytes() == stored


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('"path": "/w/widgets"', '"path": "widgets"'),
        ('"path": "/w/widgets"', '"path": "/w/widgets\\n/w/evil"'),
        ('"path": "/w/widgets"', '"path": 3'),
        ('"inode": 12', '"inode": "12"'),
        ('"inode": 12', '"inode": true'),
        ('"made": "folder"', '"made": "house"'),
        ('"claude-code"', '"../../spool"'),
        ('"claude-code"', '".hidden"'),
        ('"agents": [', '"agents": ["", '),
        ('"name": "widgets"', '"name": null'),
    ],
)
def test_a_value_that_cannot_be_is_damage(store: Path, old: str, new: str) -> None:
    text = (store / "projects.json").read_text()
    assert old in text
    (store / "projects.json").write_text(text.replace(old, new, 1))

    with pytest.raises(Corrupt, match=r"projects\.json"):
        FilesystemEnrolments(store).projects()


def test_a_file_cut_anywhere_is_damaged(store: Path) -> None:
    whole = (store / "projects.json").read_bytes()
    for length in range(len(whole) - 1):
        (store / "projects.json").write_bytes(whole[:length])
        with pytest.raises(Corrupt):
            FilesystemEnrolments(store).projects()


def test_a_file_of_a_later_release_is_left_alone(store: Path) -> None:
    newer = b'{"format":"opentraces.projects/2","projects":"unknown"}'
    (store / "projects.json").write_bytes(newer)

    with pytest.raises(NewerFormat, match=r"projects\.json"):
        FilesystemEnrolments(store).update(put())

    assert (store / "projects.json").read_bytes() == newer


def test_a_link_in_the_place_of_the_file_is_not_followed(store: Path) -> None:
    (store / "projects.json").rename(store / "elsewhere")
    (store / "projects.json").symlink_to(store / "elsewhere")

    with pytest.raises(Corrupt, match="symbolic link"):
        FilesystemEnrolments(store).projects()


def test_what_four_processes_enrol_at_once_is_all_kept(store: Path) -> None:
    command = [sys.executable, "-c", ENROL_TWENTY, str(store)]
    processes = [subprocess.Popen([*command, name]) for name in "abcd"]

    assert [process.wait() for process in processes] == [0] * 4
    enrolments = FilesystemEnrolments(store)
    assert len(enrolments.projects()) == 81
    assert len(enrolments.listed(CLAUDE)) == 82
