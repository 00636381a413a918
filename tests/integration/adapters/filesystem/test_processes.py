"""Processes that write at once, and processes that are killed."""

import json
import random
import subprocess
import sys
import time
from pathlib import Path

from opentraces.adapters.filesystem.keeper import FilesystemBucketKeeper
from tests.contracts.samples import named
from tests.integration.adapters.filesystem import scribe
from tests.integration.adapters.filesystem.on_disk import OnDisk

ROOT = Path(__file__).parents[4]
TRACES = [named(f"trace {number}") for number in range(4)]


def start(home: Path, rounds: int, *groups: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", scribe.__name__, str(home), str(rounds), *groups]
    return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)


class TestProcesses(OnDisk):
    def test_four_that_write_the_same_traces_take_turns(
        self, place: Path, keeper: FilesystemBucketKeeper
    ) -> None:
        keeper.prepare()
        processes = [start(place, 10, *TRACES) for _ in range(4)]
        for process in processes:
            process.communicate(timeout=300)
            assert process.returncode == 0

        assert keeper.verify(deep=True).problems == ()
        assert [scribe.check(place, trace) for trace in TRACES] == [120] * 4

    def test_one_that_is_killed_leaves_every_trace_at_a_commit(
        self, place: Path, keeper: FilesystemBucketKeeper
    ) -> None:
        keeper.prepare()
        chance = random.Random(7)
        for _ in range(12):
            process = start(place, 10_000, ",".join(TRACES))
            assert process.stdout is not None
            first = process.stdout.readline()
            time.sleep(chance.random() * 0.15)
            process.kill()
            said = [first, *process.stdout.read().splitlines()]
            process.wait()
            process.stdout.close()

            assert keeper.verify(deep=True).problems == ()
            for trace, durable in zip(TRACES, json.loads(said[-1]), strict=True):
                assert scribe.check(place, trace) in (durable, durable + 3)
                assert durable > 0
