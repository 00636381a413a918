"""The log of workers as a file, with the lines that workers write."""

import os
from datetime import UTC, datetime
from pathlib import Path

import pytest

from opentraces.adapters.filesystem.work_log import FilesystemWorkLog
from opentraces.domain.errors import StorageUnavailable
from opentraces.ports.work_log import Failure
from tests.contracts.work_log import MORNING, NOON, WorkLogContract

TRACEBACK = """\
Traceback (most recent call last):
  File "/x/opentraces/__main__.py", line 6, in <module>
    main()
ValueError: what nobody thought of
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "ingest.log"


@pytest.fixture
def log(path: Path) -> FilesystemWorkLog:
    return FilesystemWorkLog(path)


def line(at: datetime, came_of_it: str = "kept 86 kB", agent: str = "claude-code") -> str:
    when = f"{at.astimezone():%Y-%m-%d %H:%M:%S}"
    return f"{when}  {agent}  07503f3c  4 PostToolUse, Stop: {came_of_it}  (0.55 s)"


def write(path: Path, text: str, at: datetime) -> None:
    with path.open("a") as file:
        file.write(text)
    os.utime(path, (at.timestamp(), at.timestamp()))


class TestFilesystemWorkLog(WorkLogContract):
    @pytest.fixture
    def log(self, path: Path) -> FilesystemWorkLog:
        self.path = path
        return FilesystemWorkLog(path)

    def keeps(self, at: datetime, agent: str = "claude-code") -> None:
        write(self.path, f"{line(at, agent=agent)}\n", at)

    def fails(self, at: datetime) -> str:
        said = line(at, "failed: /x/s.jsonl: Permission denied")
        write(self.path, f"{said}\n", at)
        return said


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("opentraces: bucket.json is damaged\n", "opentraces: bucket.json is damaged"),
        (TRACEBACK, "ValueError: what nobody thought of"),
        (f"{TRACEBACK}\n{TRACEBACK}more of it\n", "ValueError: what nobody thought of"),
    ],
    ids=["error", "traceback", "traceback of several lines"],
)
def test_a_failure_without_a_time_is_of_the_next_line_with_one(
    path: Path, log: FilesystemWorkLog, text: str, said: str
) -> None:
    write(path, f"{line(MORNING)}\n{text}", NOON)
    assert log.last_failure() == Failure(said, NOON)

    write(path, f"{line(MORNING.replace(hour=9))}\n", NOON)

    assert log.last_failure() == Failure(said, MORNING.replace(hour=9))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "\n\n",
        "  indented\n",
        "no time at all\n",
        "9999-99-99 99:99:99  07503f3c  Stop: kept 1 bytes  (0.01 s)\n",
        f"{line(NOON, 'left waiting: the session has written no file yet')}\n",
        "Traceback (most recent call last):\n",
        "Traceback (most recent call last):\n  File\n",
        "\udcff\udcfe\n",
    ],
)
def test_nothing_else_is_a_failure(path: Path, log: FilesystemWorkLog, text: str) -> None:
    path.write_bytes(text.encode("utf-8", "surrogateescape"))

    assert log.last_failure() is None


def test_only_the_end_of_a_long_log_is_read(path: Path, log: FilesystemWorkLog) -> None:
    write(path, "opentraces: long ago\n", MORNING)
    write(path, f"{line(NOON)}\n" * 1000, NOON)

    assert log.last_failure() is None


def test_a_long_log_becomes_the_one_before_it(path: Path, log: FilesystemWorkLog) -> None:
    before = path.with_name("ingest.log.1")
    before.write_text("older\n")
    write(path, "x" * 1_000_001, NOON)

    log.turn_over()

    assert not path.exists()
    assert before.stat().st_size == 1_000_001
    assert log.written() == NOON
    path.write_text("new\n")
    log.turn_over()
    assert path.read_text() == "new\n"


def test_a_failure_in_the_log_before_is_found(path: Path, log: FilesystemWorkLog) -> None:
    write(path, "x" * 1_000_000 + "\nopentraces: at the end\n", NOON)
    log.turn_over()
    write(path, f"{line(NOON)}\n", datetime(2026, 11, 26, tzinfo=UTC))

    assert log.last_failure() == Failure("opentraces: at the end", NOON)


def test_a_log_is_not_reached_through_a_link(path: Path, log: FilesystemWorkLog) -> None:
    path.with_name("elsewhere").write_text("opentraces: of somebody else\n")
    path.symlink_to(path.with_name("elsewhere"))

    with pytest.raises(StorageUnavailable, match=r"ingest\.log"):
        log.last_failure()
