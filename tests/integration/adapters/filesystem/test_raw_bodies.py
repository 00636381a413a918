"""A body is read where it may be, whatever an event says."""

import os
from pathlib import Path

import pytest

from opentraces.adapters.filesystem import raw_bodies
from opentraces.adapters.filesystem.raw_bodies import FilesystemRawBodies

BODY = b'{"model":"x"}'


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "spool" / "bodies"
    folder.mkdir(parents=True)
    folder.chmod(0o700)
    (folder / "a.request.json").write_bytes(BODY)
    return folder


def read(folder: Path, named: str) -> bytes | None:
    return FilesystemRawBodies(folder).read(named)


def test_body_in_our_folder_is_read(folder: Path) -> None:
    assert read(folder, f"{folder}/a.request.json") == BODY


@pytest.mark.parametrize(
    "named",
    [
        "",
        "a.request.json",
        "/etc/passwd",
        "{folder}",
        "{folder}/",
        "{folder}/.",
        "{folder}/..",
        "{folder}/gone.json",
        "{folder}/../bodies/a.request.json",
        "{folder}/./a.request.json",
        "{folder}//a.request.json",
        "{folder}/inner/a.json",
        "{folder}/a.request.json\0",
        "{folder}/" + "x" * 300,
    ],
)
def test_any_other_name_is_none(named: str, folder: Path) -> None:
    (folder / "inner").mkdir()
    (folder / "inner" / "a.json").write_bytes(BODY)

    assert read(folder, named.format(folder=folder)) is None


def test_neither_links_nor_what_is_no_file_are_read(folder: Path, tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_bytes(b"a secret")
    (folder / "link").symlink_to(secret)
    os.link(secret, folder / "hard")
    os.mkfifo(folder / "pipe")
    (folder / "folder").mkdir()

    for name in ("link", "hard", "pipe", "folder"):
        assert read(folder, f"{folder}/{name}") is None


def test_folder_that_is_a_link_or_open_to_others_holds_none(folder: Path, tmp_path: Path) -> None:
    link = tmp_path / "link"
    link.symlink_to(folder)
    assert read(link, f"{link}/a.request.json") is None

    folder.chmod(0o755)
    assert read(folder, f"{folder}/a.request.json") is None


def test_giant_is_none(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(raw_bodies, "_LARGEST", len(BODY) - 1)

    assert read(folder, f"{folder}/a.request.json") is None
