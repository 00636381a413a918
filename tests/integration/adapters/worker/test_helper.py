"""The process that helps."""

import os
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from time import monotonic, sleep

import pytest

from opentraces.adapters.worker.helper import HelperProcess, processors
from opentraces.ports.helper import Helper
from tests.contracts.helper import HelperContract, taking

ENDING = 77
COMMAND = (sys.executable, str(Path(__file__).with_name("doubling.py")))


class TestHelperProcess(HelperContract):
    @pytest.fixture
    def made(self) -> Helper[int, int]:
        return HelperProcess(COMMAND, ENDING)

    def test_that_dies_says_what_it_could_not_carry_out(self, helper: Helper[int, int]) -> None:
        helper.begin(taking(1, ENDING, 2))

        assert list(helper.done(wait=True)) == [(1, 2), (ENDING, None)]

    def test_that_cannot_begin_carries_nothing_out(self) -> None:
        gone: Helper[int, int] = HelperProcess((sys.executable, "-c", "1"), ENDING)
        with closing(gone) as helper:
            helper.begin(taking(1, 2))

            assert list(helper.done(wait=True)) == [(1, None)]

    def test_ends_when_the_process_that_began_it_is_killed(self) -> None:
        began = (
            "import os, time\n"
            "from opentraces.adapters.worker.helper import HelperProcess\n"
            f"helper = HelperProcess({COMMAND!r}, {ENDING})\n"
            "helper.begin(iter([1, None]).__next__)\n"
            "next(helper.done(wait=True))\n"
            "print(helper._process.pid, flush=True)\n"
            "time.sleep(60)\n"
        )
        with subprocess.Popen((sys.executable, "-c", began), stdout=subprocess.PIPE) as outer:
            assert outer.stdout is not None
            pid = int(outer.stdout.readline())
            assert is_running(pid)
            outer.kill()

        until = monotonic() + 30
        while is_running(pid) and monotonic() < until:
            sleep(0.01)
        assert not is_running(pid)


def is_running(pid: int) -> bool:
    """Whether a process runs; one that has ended and is not yet reaped does not."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return False
    return state != "Z"


def test_at_least_one_processor_may_be_used() -> None:
    assert 1 <= processors() <= (os.cpu_count() or 1)
