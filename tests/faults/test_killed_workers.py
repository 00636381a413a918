"""Workers killed at random instants: what is kept is what undisturbed ones keep."""

from pathlib import Path

import pytest

from tests.integration.program.worker_kills import WorkerKills

pytestmark = pytest.mark.faults


def test_nothing_is_lost_or_doubled(tmp_path: Path, rounds: int, seed: int) -> None:
    tally = WorkerKills(tmp_path, seed).run(rounds)

    assert tally.wrong == [], f"{tally}, from seed {seed}"
    assert tally.killed + tally.ended == rounds
