"""What only a person sees: colours, the pager, questions, progress. On a terminal of our own."""

import fcntl
import os
import pty
import struct
import subprocess
import termios
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.integration.cli.conftest import PROGRAM, Process

See = Callable[..., tuple[str, int]]


@pytest.fixture
def see(home: Path) -> See:
    """Run one command on a terminal of 80 columns; return all that it shows, and its exit code."""

    def run(*arguments: str, typed: str = "", rows: int = 24, **extra: str) -> tuple[str, int]:
        environment = {**os.environ, "TERM": "xterm", "PAGER": "sed s/^/paged:/", **extra}
        ours, theirs = pty.openpty()
        fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", rows, 80, 0, 0))
        process = subprocess.Popen(
            [*PROGRAM, *arguments],
            cwd=home,
            env=environment,
            stdin=theirs,
            stdout=theirs,
            stderr=theirs,
            start_new_session=True,
        )
        os.close(theirs)
        os.write(ours, typed.encode())
        shown = b""
        while piece := _read(ours):
            shown += piece
        os.close(ours)
        code = process.wait(timeout=300)
        return shown.decode().replace("\r\n", "\n"), code

    return run


def _read(terminal: int) -> bytes:
    try:
        return os.read(terminal, 65536)
    except OSError:  # how Linux says that the other end was closed
        return b""


def test_a_query_has_colours_and_fits_the_terminal(kept: Path, see: See) -> None:
    shown, code = see("trace", "query", "calc")

    assert code == 0
    assert "\x1b[1m«calc»\x1b[0m" in shown
    plain = shown.replace("\x1b[1m", "").replace("\x1b[2m", "").replace("\x1b[0m", "")
    assert max(map(len, plain.splitlines())) <= 80


@pytest.mark.parametrize("extra", [{"NO_COLOR": "1"}, {"TERM": "dumb"}], ids=str)
def test_who_wants_no_colours_gets_none(kept: Path, see: See, extra: dict[str, str]) -> None:
    assert "\x1b" not in see("trace", "query", "calc", **extra)[0]


def test_no_colours_go_into_a_pipe(kept: Path, process: Process) -> None:
    assert b"\x1b" not in process("trace", "query", "calc").stdout


def test_a_diagnosis_has_signs_and_colours_for_people_alone(
    kept: Path, see: See, process: Process
) -> None:
    assert "\x1b[32m✓ \x1b[0mbucket " in see("doctor")[0]
    for plain in (see("doctor", NO_COLOR="1")[0], process("doctor").stdout.decode()):
        assert "\nok    bucket " in plain


def test_only_what_is_longer_than_the_screen_is_paged(trace: str, see: See) -> None:
    assert "paged:" in see("trace", "get", trace)[0]
    assert "paged:" not in see("trace", "get", f"{trace}:1", rows=50)[0]


def test_no_pager_without_a_terminal(trace: str, process: Process) -> None:
    assert (
        b"paged:"
        not in process("trace", "get", trace, env={**os.environ, "PAGER": "sed s/^/paged:/"}).stdout
    )


def test_a_pager_that_is_left_early_is_no_error(trace: str, see: See) -> None:
    shown, code = see("trace", "get", trace, rows=5, PAGER="true")

    assert code in (0, 141)
    assert "Traceback" not in shown


def test_deleting_asks_and_no_leaves_the_trace(trace: str, see: See) -> None:
    shown, code = see("trace", "delete", trace[:8], typed="n\n")

    assert f"Delete trace {trace} for good?" in shown
    assert code == 130
    assert see("trace", "get", trace, rows=999)[1] == 0


def test_deleting_asks_and_yes_deletes(trace: str, see: See) -> None:
    assert see("trace", "delete", trace[:8], typed="y\n")[1] == 0
    assert see("trace", "get", trace)[1] == 3


def test_a_long_import_shows_how_far_it_is(claude: Path, see: See) -> None:
    session = next(claude.rglob("afc0be94*.jsonl"))
    lines = session.read_bytes()
    for number in range(30):
        copy = session.with_name(f"0b7d6f3a-0000-4000-8000-{number:012}.jsonl")
        copy.write_bytes(lines * (1 + 700_000 // len(lines)))

    shown, code = see("import", "--all")

    assert code == 0
    assert "Importing" in shown
    assert "MB" in shown


def test_a_purge_says_how_much_goes_and_asks(kept: Path, see: See) -> None:
    size = sum(path.stat().st_size for path in kept.rglob("*") if path.is_file())

    shown, code = see("uninstall", "--purge", typed="n\n")

    assert code == 130
    asked = " ".join(shown.split())
    assert f"Remove all that was kept, {size / 1000:.0f} kB in {kept}, for good? [y/N]" in asked
    assert (kept / "bucket" / "bucket.json").exists()
    assert see("uninstall", "--purge", typed="y\n")[1] == 0
    assert not kept.exists()


def test_bars_have_eighths_and_fit_the_terminal(kept: Path, see: See) -> None:
    shown, code = see("usage", "--by", "session", "--plot")

    assert code == 0
    plain = shown.replace("\x1b[1m", "").replace("\x1b[2m", "").replace("\x1b[0m", "")
    longest, *_ = bars = [line.split()[1] for line in plain.splitlines()[2:4]]
    assert set(longest) == {"█"}
    assert all(set(bar) <= set("█▏▎▍▌▋▊▉") for bar in bars)
    assert max(map(len, plain.splitlines())) <= 80


def test_who_waits_for_a_count_is_told(kept: Path, see: See) -> None:
    (kept / "state" / "ledger.sqlite").unlink()

    assert see("usage")[0].startswith("Counting anew what sessions used …\n")
    assert "anew" not in see("usage")[0]
