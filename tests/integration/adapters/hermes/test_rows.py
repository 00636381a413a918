"""Finding the rows of files on a real disk."""

import gzip
import json
import os
import shutil
from contextlib import suppress
from pathlib import Path

import pytest

from opentraces.adapters.hermes import inflated
from opentraces.domain.errors import SourceGone, SourceUnreadable
from opentraces.domain.session import FoundSession, Scope
from tests.hermes_agent import DATA, answer, human, run
from tests.integration.adapters.hermes.fixtures import sessions_in

MIB = 1 << 20
ONE, TWO, THREE = (run(human(word), answer(word)) for word in ("one", "two", "three"))


class Disk:
    """Somebody's files."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.source = sessions_in(root)

    def write(self, name: str, data: bytes) -> Path:
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
        return path

    def found(self, place: Path | str, **scope: object) -> list[FoundSession]:
        return list(self.source.discover(Scope(places=(str(place),), **scope)))  # type: ignore[arg-type]

    def lines(self, place: Path | str) -> list[bytes]:
        return [b"".join(self.source.read(each.files[0], 0)) for each in self.found(place)]


@pytest.fixture
def disk(tmp_path: Path) -> Disk:
    return Disk(tmp_path / "disk")


def reason(disk: Disk, session: FoundSession) -> str:
    with pytest.raises(SourceUnreadable) as refused:
        list(disk.source.read(session.files[0], 0))
    return str(refused.value)


def test_each_row_is_a_session_of_its_line(disk: Disk) -> None:
    path = disk.write("runs.jsonl", ONE + TWO + THREE)

    found = disk.found(path)

    assert [each.location for each in found] == [str(path), f"{path}#2", f"{path}#3"]
    assert disk.lines(path) == [ONE, TWO, THREE]
    assert [each.size for each in found] == [len(ONE), len(TWO), len(THREE)]


def test_a_row_is_the_same_session_wherever_it_stands(disk: Disk) -> None:
    plain = disk.found(disk.write("runs.jsonl", ONE + TWO))
    moved = disk.found(disk.write("later/all.jsonl", THREE + b"\n\n" + TWO + ONE))
    packed = disk.found(disk.write("runs.jsonl.gz", gzip.compress(ONE + TWO)))

    assert [each.session for each in packed] == [each.session for each in plain]
    assert {each.session for each in plain} < {each.session for each in moved}
    names = {each.session: each.files[0].name for each in moved}
    assert all(names[each.session] == each.files[0].name for each in plain)


def test_an_append_adds_sessions_and_changes_none(disk: Disk) -> None:
    before = disk.found(disk.write("runs.jsonl", ONE + TWO))
    after = disk.found(disk.write("runs.jsonl", ONE + TWO + THREE))

    assert after[:2] == before
    assert len(after) == 3


def test_rows_that_are_equal_are_one_session(disk: Disk) -> None:
    path = disk.write("runs.jsonl", ONE + ONE + TWO)

    assert disk.lines(path) == [ONE, TWO]


def test_a_row_is_named_by_its_number(disk: Disk) -> None:
    path = disk.write("a#b.jsonl", b"\n" + ONE + TWO)

    assert disk.lines(f"{path}#3") == [TWO]
    assert disk.lines(f"{path}#2") == [ONE]
    assert disk.found(f"{path}#9") == []


def test_a_row_reads_from_any_place(disk: Disk) -> None:
    for name, data in (("runs.jsonl", ONE + TWO), ("runs.jsonl.gz", gzip.compress(ONE + TWO))):
        found = disk.found(disk.write(name, data))
        for each, line in zip(reversed(found), (TWO, ONE), strict=True):
            for offset in (0, 1, len(line) - 1, len(line), len(line) + 5):
                assert b"".join(disk.source.read(each.files[0], offset)) == line[offset:]


def test_reading_needs_no_look_before(disk: Disk) -> None:
    path = disk.write("runs.jsonl", ONE + TWO)
    found = disk.found(path)

    for each, line in zip(found, (ONE, TWO), strict=True):
        assert b"".join(sessions_in(disk.root).read(each.files[0], 0)) == line


def test_a_row_that_was_replaced_or_went_is_gone(disk: Disk) -> None:
    path = disk.write("runs.jsonl", ONE + TWO)
    found = disk.found(path)
    disk.write("runs.jsonl", THREE)

    for each in found:
        with pytest.raises(SourceGone):
            list(sessions_in(disk.root).read(each.files[0], 0))
    path.unlink()
    with pytest.raises(SourceGone):
        list(sessions_in(disk.root).read(found[0].files[0], 0))


def test_nothing_says_where_a_row_began(disk: Disk) -> None:
    path = disk.write("runs.jsonl", ONE)

    assert disk.found(path, project="api") == []
    assert disk.found(path, folders=("/home/dev",)) == []


# What is cut short, or damaged.


def test_a_last_line_without_a_newline_is_a_row_if_it_is_whole(disk: Disk) -> None:
    path = disk.write("runs.jsonl", ONE + TWO[:-1])

    assert disk.lines(path) == [ONE, TWO]


def test_a_last_line_that_is_cut_short_is_reported(disk: Disk) -> None:
    path = disk.write("runs.jsonl", ONE + TWO[:-20])

    whole, cut = disk.found(path)

    assert b"".join(disk.source.read(whole.files[0], 0)) == ONE
    assert reason(disk, cut) == f"{path}: its last line, 2, is cut short"


@pytest.mark.parametrize("kept", range(1, 40, 3))
def test_of_members_that_are_cut_short_the_rows_before_are_kept(disk: Disk, kept: int) -> None:
    members = gzip.compress(ONE) + gzip.compress(TWO) + gzip.compress(THREE)
    path = disk.write("runs.jsonl.gz", members[:-kept])

    *rows, cut = disk.found(path)

    lines = [b"".join(disk.source.read(each.files[0], 0)) for each in rows]
    assert lines in ([ONE, TWO], [ONE, TWO, THREE])
    assert reason(disk, cut) == f"{path}: its last gzip member is cut short"


def test_members_and_zeros_behind_them_are_one_file(disk: Disk) -> None:
    packed = gzip.compress(ONE[:40]) + gzip.compress(ONE[40:] + TWO) + gzip.compress(b"")
    path = disk.write("runs.jsonl.gz", packed + b"\0" * 700)

    assert disk.lines(path) == [ONE, TWO]


def test_a_damaged_member_is_reported_behind_the_rows_before_it(disk: Disk) -> None:
    path = disk.write("runs.jsonl.gz", gzip.compress(ONE) + b"no member\n" + gzip.compress(TWO))

    row, cut = disk.found(path)

    assert b"".join(disk.source.read(row.files[0], 0)) == ONE
    assert reason(disk, cut).startswith(f"{path}: Error -3")


def test_a_bomb_is_refused_and_never_held(disk: Disk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(inflated, "LARGEST", 5 * MIB)
    path = disk.write("runs.jsonl.gz", gzip.compress(ONE + bytes(50 * MIB)))
    assert path.stat().st_size < MIB

    row, cut = disk.found(path)

    assert b"".join(disk.source.read(row.files[0], 0)) == ONE
    assert "inflates to more than" in reason(disk, cut)
    assert all(len(piece) <= MIB for piece in _pieces(path))


def _pieces(path: Path) -> list[bytes]:
    pieces: list[bytes] = []
    with suppress(SourceUnreadable):
        pieces.extend(inflated.inflated_pieces(str(path), 0))
    return pieces


def test_a_giant_row_is_read_whole_and_never_held(disk: Disk) -> None:
    giant = run(human("g" * (9 * MIB)), answer("ok"))
    for name, data in (
        ("runs.jsonl", ONE + giant + TWO),
        ("runs.jsonl.gz", gzip.compress(ONE + giant + TWO, 1)),
    ):
        path = disk.write(name, data)
        found = disk.found(path)
        pieces = [list(disk.source.read(each.files[0], 0)) for each in found]

        assert [b"".join(each) for each in pieces] == [ONE, giant, TWO]
        assert all(0 < len(piece) <= MIB for each in pieces for piece in each)


# Whose files they are.


@pytest.mark.parametrize(
    "line",
    [
        {"conversations": [{"from": "human", "value": "a"}]},
        {"conversations": [{"from": "human", "value": "a"}], "id": "sharegpt", "completed": True},
        {"conversations": "none", "completed": True, "timestamp": "t"},
        {"text": '"conversations": ['},
        ["conversations"],
    ],
)
def test_files_of_other_people_are_no_sessions(disk: Disk, line: object) -> None:
    path = disk.write("rows.jsonl", json.dumps(line).encode() + b"\n")

    for place in (path, disk.root):
        with pytest.raises(SourceUnreadable, match="no Hermes session in it"):
            disk.found(place)


def test_a_file_of_runs_is_told_behind_lines_that_are_damaged(disk: Disk) -> None:
    path = disk.write("runs.jsonl", b"{half a\n[1]\n" + ONE)

    assert disk.lines(path) == [b"{half a\n", b"[1]\n", ONE]


def test_a_folder_is_looked_through_and_no_link_below_it_followed(disk: Disk) -> None:
    disk.write("run/data/batch_0.jsonl", ONE)
    disk.write("run/node_modules/x.jsonl", TWO)
    disk.write("run/checkpoint.json", b"{}")
    disk.write("run/notes.jsonl", b'{"a":1}\n')
    outside = disk.write("outside/x.jsonl", THREE)
    (disk.root / "run/linked.jsonl").symlink_to(outside)
    (disk.root / "run/folder").symlink_to(outside.parent)
    os.mkfifo(disk.root / "run/pipe.jsonl")

    assert disk.lines(disk.root / "run") == [ONE]
    assert disk.lines(disk.root / "run/linked.jsonl") == [THREE]


def test_the_files_of_this_folder_are_all_rows(disk: Disk) -> None:
    shutil.copytree(DATA, disk.root / "data")
    lines = [
        line for path in sorted(DATA.glob("*.jsonl")) for line in path.read_bytes().splitlines()
    ]

    assert [line[:-1] for line in disk.lines(disk.root / "data")] == lines


@pytest.mark.parametrize("inside", ["run", "run/data"])
def test_a_folder_that_cannot_be_looked_into_is_reported(
    disk: Disk, monkeypatch: pytest.MonkeyPatch, inside: str
) -> None:
    disk.write("run/data/batch_0.jsonl", ONE)
    disk.write("run/runs.jsonl", TWO)
    closed = str(disk.root / inside)
    scandir = os.scandir

    def refuse(path: str) -> object:
        if path == closed:
            raise PermissionError(13, "Permission denied", path)
        return scandir(path)

    monkeypatch.setattr(os, "scandir", refuse)
    unread = [each for each in disk.found(disk.root / "run") if each.location == closed]

    assert len(unread) == 1
    assert reason(disk, unread[0]).startswith(closed)


def test_a_path_that_is_no_utf8_is_left_out(disk: Disk) -> None:
    disk.write("run/runs.jsonl", ONE)
    with open(os.fsencode(disk.root / "run") + b"/\xff.jsonl", "wb") as file:  # noqa: PTH123
        file.write(TWO)

    assert disk.lines(disk.root / "run") == [ONE]
