"""What a clock that was ahead left is dated anew; what means something by its time is not."""

import os
from pathlib import Path

import pytest

from opentraces.adapters.filesystem.redating import redate

NOW = 1_800_000_000.0
AHEAD = NOW + 1e8
ANEW = (
    "bucket/blobs/v1/00/x.zst",
    "bucket/traces/v1/00/t/steps.1.jsonl.gz",
    "bucket/bucket.json.tmp",
    "state/progress/00/t",
    "state/cursors.tmp",
    "state/enrolled/.claude-code.tmp",
    "projects.json.tmp",
)
LEFT = (
    "config.toml",
    "projects.json",
    "spool/claude-code/s.jsonl",
    "state/enrolled/claude-code",
    "state/ingest.log",
    "state/cursors",
)


def test_only_what_may_be_garbage_is_dated_anew(tmp_path: Path) -> None:
    for name in (*ANEW, *LEFT):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(b"x")
        os.utime(tmp_path / name, (AHEAD, AHEAD))
    os.utime(tmp_path / "bucket" / "traces" / "v1" / "00", (AHEAD, AHEAD))

    redate(tmp_path, NOW)

    assert {(tmp_path / name).stat().st_mtime for name in ANEW} == {NOW}
    assert {(tmp_path / name).stat().st_mtime for name in LEFT} == {AHEAD}
    assert (tmp_path / "bucket" / "traces" / "v1" / "00").stat().st_mtime == NOW


@pytest.mark.parametrize("made", [(), ("bucket",), ("state",)])
def test_where_little_or_nothing_is_nothing_is_done(made: tuple[str, ...], tmp_path: Path) -> None:
    for name in made:
        (tmp_path / name).mkdir()

    redate(tmp_path, NOW)

    assert {path.name for path in tmp_path.iterdir()} == {*made}


def test_no_link_is_followed(tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.write_bytes(b"x")
    os.utime(outside, (AHEAD, AHEAD))
    home = tmp_path / "home"
    (home / "bucket").mkdir(parents=True)
    (home / "bucket" / "link").symlink_to(outside)
    (home / "bucket" / "folder").symlink_to(tmp_path)

    redate(home, NOW)

    assert outside.stat().st_mtime == AHEAD
