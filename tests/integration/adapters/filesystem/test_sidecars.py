"""Events as files in repositories, which real hooks write to, and strangers may."""

import errno
import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import opentraces
from opentraces.adapters.filesystem.sidecars import FilesystemSidecars
from opentraces.domain.errors import StorageUnavailable
from opentraces.domain.ids import SessionId
from opentraces.domain.session import Agent
from tests.contracts.event_spool import FIRST, SECOND, A, B, EventSpoolContract, Write, all_of

SCRIPT = Path(opentraces.__path__[0], "entrypoints", "hooks", "codex_cli.py")


def add(checkout: Path, agent: str, session: str, data: bytes) -> Path:
    """Be the hook, in one checkout."""
    folder = checkout / ".opentraces" / agent / "hooks"
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / f"{session}.jsonl").open("ab") as file:
        file.write(data)
    return folder / f"{session}.jsonl"


class TestFilesystemSidecars(EventSpoolContract):
    @pytest.fixture
    def spool(self, tmp_path: Path) -> FilesystemSidecars:
        return self.made(tmp_path)

    @pytest.fixture
    def other(self, tmp_path: Path) -> FilesystemSidecars:
        return self.made(tmp_path)

    def made(self, root: Path) -> FilesystemSidecars:
        listed = (str(root / "gone"), str(root / "checkout"))
        return FilesystemSidecars(lambda: listed, root / "state", Agent.CLAUDE_CODE)

    @pytest.fixture
    def write(self, tmp_path: Path) -> Write:
        def append(session: SessionId, data: bytes) -> None:
            add(tmp_path / "checkout", "claude-code", session, data)

        return append


@pytest.fixture
def checkouts(tmp_path: Path) -> list[Path]:
    found = [tmp_path / name for name in ("one", "two")]
    for checkout in found:
        checkout.mkdir()
    return found


@pytest.fixture
def sidecars(tmp_path: Path, checkouts: list[Path]) -> FilesystemSidecars:
    listed = tuple(map(str, checkouts))
    return FilesystemSidecars(lambda: listed, tmp_path / "state", Agent.CODEX_CLI)


def test_sessions_of_all_checkouts_wait(
    sidecars: FilesystemSidecars, checkouts: list[Path]
) -> None:
    one, two = checkouts
    places = {B: add(one, "codex-cli", B, FIRST), A: add(two, "codex-cli", A, SECOND)}

    assert {each.session: Path(each.location) for each in sidecars.waiting()} == places
    assert [all_of(sidecars, each) for each in (A, B)] == [SECOND, FIRST]


@pytest.mark.parametrize("first", [0, 1])
def test_session_that_went_on_elsewhere_is_read_file_by_file_in_order(
    first: int, sidecars: FilesystemSidecars, checkouts: list[Path]
) -> None:
    add(checkouts[first], "codex-cli", A, FIRST)
    add(checkouts[1 - first], "codex-cli", A, SECOND)

    assert [each.size for each in sidecars.waiting()] == [len(FIRST)]
    assert all_of(sidecars) == FIRST
    assert sidecars.clear(A, len(FIRST))
    assert all_of(sidecars) == SECOND
    assert sidecars.clear(A, len(SECOND))
    assert sidecars.waiting() == ()


def test_file_that_begins_meanwhile_does_not_take_the_place_of_the_one_that_is_read(
    sidecars: FilesystemSidecars, checkouts: list[Path]
) -> None:
    add(checkouts[1], "codex-cli", A, FIRST)
    read = all_of(sidecars)
    later = add(checkouts[0], "codex-cli", A, SECOND)

    assert sidecars.clear(A, len(read))

    assert later.read_bytes() == SECOND
    assert all_of(sidecars) == SECOND


@pytest.mark.parametrize("level", range(3))
def test_no_level_is_followed_through_a_link(
    level: int, sidecars: FilesystemSidecars, checkouts: list[Path], tmp_path: Path
) -> None:
    place = add(checkouts[0], "codex-cli", A, FIRST)
    folder = place.parents[level]
    folder.rename(tmp_path / "elsewhere")
    folder.symlink_to(tmp_path / "elsewhere")

    assert sidecars.waiting() == ()
    assert all_of(sidecars) == b""
    assert sidecars.clear(A, 1000)
    assert place.read_bytes() == FIRST


def _hard_link(place: Path, secret: Path) -> None:
    place.hardlink_to(secret)


def _symbolic_link(place: Path, secret: Path) -> None:
    place.symlink_to(secret)


def _pipe(place: Path, secret: Path) -> None:
    os.mkfifo(place)


def _folder(place: Path, secret: Path) -> None:
    place.mkdir()


@pytest.mark.parametrize("make", [_hard_link, _symbolic_link, _pipe, _folder])
def test_what_is_no_file_of_its_own_is_as_if_it_were_not_there(
    make: Callable[[Path, Path], None],
    sidecars: FilesystemSidecars,
    checkouts: list[Path],
    tmp_path: Path,
) -> None:
    beside = add(checkouts[0], "codex-cli", B, SECOND)
    secret = tmp_path / "secret"
    secret.write_bytes(b"a secret")
    make(beside.with_name(f"{A}.jsonl"), secret)

    assert [each.session for each in sidecars.waiting()] == [B]
    assert all_of(sidecars) == b""
    assert sidecars.clear(A, 1000)
    assert secret.read_bytes() == b"a secret"


@pytest.mark.skipif(os.geteuid() != 0, reason="only root may give files away")
@pytest.mark.parametrize("level", range(4))
def test_what_is_anothers_is_as_if_it_were_not_there(
    level: int, sidecars: FilesystemSidecars, checkouts: list[Path]
) -> None:
    place = add(checkouts[0], "codex-cli", A, FIRST)
    os.chown([place, *place.parents][level], 12345, 12345)

    assert sidecars.waiting() == ()
    assert all_of(sidecars) == b""


@pytest.mark.parametrize("in_the_way", [".opentraces", ".opentraces/codex-cli"])
def test_repository_with_a_file_in_the_place_of_a_folder_hides_no_other(
    in_the_way: str, sidecars: FilesystemSidecars, checkouts: list[Path]
) -> None:
    place = checkouts[0] / in_the_way
    place.parent.mkdir(exist_ok=True)
    place.touch()
    add(checkouts[1], "codex-cli", A, FIRST)

    assert all_of(sidecars) == FIRST


def test_no_descriptor_stays_open(sidecars: FilesystemSidecars, checkouts: list[Path]) -> None:
    for checkout in checkouts:
        add(checkout, "codex-cli", A, FIRST)
    before = len(os.listdir("/proc/self/fd"))  # noqa: PTH208

    for _ in range(3):
        sidecars.waiting()
        all_of(sidecars)
        sidecars.clear(A, 0)

    assert len(os.listdir("/proc/self/fd")) == before  # noqa: PTH208


def test_real_hook_writes_what_is_read(
    sidecars: FilesystemSidecars, checkouts: list[Path], tmp_path: Path
) -> None:
    enrolled = tmp_path / "state" / "enrolled" / "codex-cli"
    enrolled.parent.mkdir(parents=True)
    enrolled.write_text("".join(f"{path.resolve()}\n" for path in checkouts))
    said = {"session_id": A, "hook_event_name": "UserPromptSubmit", "prompt": "x"}
    for checkout in checkouts:
        subprocess.run(
            [sys.executable, "-I", "-S", str(SCRIPT), str(tmp_path)],
            input=json.dumps(said).encode(),
            cwd=checkout,
            check=True,
        )

    moments = []
    for _ in checkouts:
        [line] = all_of(sidecars).splitlines()
        moments.append(json.loads(line)["at"])
        assert json.loads(line)["event"] == said
        assert sidecars.clear(A, len(line) + 1)
    assert moments == sorted(moments)


def test_what_an_interrupted_removal_left_is_read_before_what_was_written_since(
    sidecars: FilesystemSidecars, checkouts: list[Path]
) -> None:
    file = add(checkouts[0], "codex-cli", A, FIRST)
    file.rename(file.with_name(f"{file.name}.taken"))
    add(checkouts[0], "codex-cli", A, SECOND)

    assert [(each.session, each.size) for each in sidecars.waiting()] == [(A, len(FIRST))]
    assert all_of(sidecars) == FIRST
    assert sidecars.clear(A, len(FIRST))
    assert all_of(sidecars) == SECOND
    assert list(file.parent.iterdir()) == [file]


def test_line_that_comes_without_a_lock_while_a_file_is_taken_away_stays(
    sidecars: FilesystemSidecars, checkouts: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    file = add(checkouts[0], "codex-cli", A, FIRST)
    real = os.rename

    def beaten(*given: Any, **places: Any) -> None:
        add(checkouts[0], "codex-cli", A, SECOND)
        real(*given, **places)

    monkeypatch.setattr(os, "rename", beaten)

    assert not sidecars.clear(A, len(FIRST))
    assert all_of(sidecars) == FIRST + SECOND
    assert sidecars.clear(A, len(FIRST + SECOND))
    assert list(file.parent.iterdir()) == []


def test_looking_and_reading_write_nothing(
    sidecars: FilesystemSidecars, checkouts: list[Path], tmp_path: Path
) -> None:
    """A repository may ship a file that looks as if its removal was interrupted."""
    mine = tmp_path / "mine"
    mine.write_text("mine\n")
    file = add(checkouts[0], "codex-cli", A, FIRST)
    file.rename(file.with_name(f"{file.name}.taken"))
    file.hardlink_to(mine)

    assert all_of(sidecars) == FIRST
    sidecars.waiting()
    sidecars.clear(A, len(FIRST))

    assert mine.read_text() == "mine\n"
    assert sidecars.waiting() == ()


def test_disk_that_fails_is_said_and_a_machine_that_is_away_is_not(
    sidecars: FilesystemSidecars, checkouts: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    add(checkouts[1], "codex-cli", A, FIRST)
    real = os.open

    def refusing(number: int) -> None:
        def opened(path: Any, *given: Any, **more: Any) -> int:
            if path == str(checkouts[0]):
                raise OSError(number, os.strerror(number))
            return real(path, *given, **more)

        monkeypatch.setattr(os, "open", opened)

    refusing(errno.ESTALE)
    assert [each.session for each in sidecars.waiting()] == [A]
    refusing(errno.EIO)
    with pytest.raises(StorageUnavailable, match=str(checkouts[0])):
        sidecars.waiting()
