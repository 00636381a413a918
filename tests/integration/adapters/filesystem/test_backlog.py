"""Whether events wait that nobody takes up."""

import os
import time
from pathlib import Path

import pytest

from opentraces.adapters.filesystem.backlog import has_backlog, has_sidecar_backlog


@pytest.fixture
def spool(tmp_path: Path) -> Path:
    (tmp_path / "claude-code").mkdir()
    return tmp_path


def put(spool: Path, name: str, data: bytes, age_s: float) -> None:
    file = spool / "claude-code" / name
    file.write_bytes(data)
    os.utime(file, (time.time() - age_s,) * 2)


def test_nothing_waits_where_there_is_no_spool(tmp_path: Path) -> None:
    assert not has_backlog(str(tmp_path / "none"))
    assert not has_backlog(str(tmp_path))


@pytest.mark.parametrize(
    ("name", "data", "age_s", "waits"),
    [
        ("s1.jsonl", b"{}\n", 3600, True),
        ("s1.jsonl.taken", b"{}\n", 3600, True),
        ("s1.jsonl", b"{}\n", 0, False),
        ("s1.jsonl", b"{}\n", -3600, True),
        ("s1.jsonl", b"", 3600, False),
        ("unknown.jsonl", b"{}\n", 3600, False),
        ("s1.txt", b"{}\n", 3600, False),
    ],
)
def test_a_file_of_events_waits_when_it_is_not_of_now_and_names_a_session(
    spool: Path, name: str, data: bytes, age_s: float, waits: bool
) -> None:
    put(spool, name, data, age_s)

    assert has_backlog(str(spool)) == waits


@pytest.mark.parametrize(
    ("age_s", "waits"), [(3600, True), (0, False), (-3600, True), (86_401, False)]
)
def test_a_sidecar_waits_for_a_day(age_s: float, waits: bool, tmp_path: Path) -> None:
    folder = tmp_path / "b" / ".opentraces" / "codex-cli" / "hooks"
    folder.mkdir(parents=True)
    (folder / "s1.jsonl").write_bytes(b"{}\n")
    os.utime(folder / "s1.jsonl", (time.time() - age_s,) * 2)
    checkouts = [str(tmp_path / "a"), str(tmp_path / "b")]

    assert has_sidecar_backlog(checkouts, "codex-cli/hooks") == waits
    assert not has_sidecar_backlog(checkouts, "another/hooks")
