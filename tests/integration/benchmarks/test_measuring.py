"""What the benchmarks measure with: memory, and sessions by the hundred thousand."""

import json
import sys
from pathlib import Path

import pytest

from benchmarks.corpus.tiny import PHRASE, PROJECTS, RARE, make_tiny_sessions
from benchmarks.processes import ProgramFailed, peak_mb

MEGABYTE = 1_000_000
ENVIRONMENT = {"PATH": "/usr/bin:/bin"}


def test_memory_is_the_programs_and_not_the_harness_own() -> None:
    held = b"x" * (200 * MEGABYTE)
    script = f"held = b'x' * {60 * MEGABYTE}"

    small = peak_mb((sys.executable, "-I", "-S", "-c", "pass"), ENVIRONMENT)
    large = peak_mb((sys.executable, "-I", "-S", "-c", script), ENVIRONMENT)

    assert small < 40 < len(held) / MEGABYTE
    assert 55 < large - small < 75


def test_a_crash_has_no_memory() -> None:
    with pytest.raises(ProgramFailed, match="exit code 7"):
        peak_mb((sys.executable, "-I", "-S", "-c", "raise SystemExit(7)"), ENVIRONMENT)


def test_small_sessions_hold_what_is_looked_for(tmp_path: Path) -> None:
    make_tiny_sessions(tmp_path, 12)

    files = sorted(tmp_path.rglob("*.jsonl"))
    texts = [file.read_text() for file in files]
    assert len(files) == 12
    assert sum(RARE in text for text in texts) == 1
    assert sum(PHRASE in text for text in texts) == 4
    for file, text in zip(files, texts, strict=True):
        lines = [json.loads(line) for line in text.splitlines()]
        assert {line["sessionId"] for line in lines} == {file.stem}
        assert lines[0]["cwd"] in PROJECTS
        assert [line["type"] for line in lines] == ["user", "assistant", "user", "assistant"]


def test_small_sessions_are_the_same_each_time(tmp_path: Path) -> None:
    for name in ("one", "other"):
        make_tiny_sessions(tmp_path / name, 5)

    one, other = (
        {
            path.relative_to(tmp_path / name): path.read_bytes()
            for path in (tmp_path / name).rglob("*.jsonl")
        }
        for name in ("one", "other")
    )
    assert one == other
    assert len(one) == 5
