"""Workers killed at random instants, or at work at once: what is kept is what one alone keeps."""

from pathlib import Path

import pytest

from tests.integration.program.worker_kills import WorkerCrowd, WorkerKills

pytestmark = pytest.mark.faults


def test_nothing_is_lost_or_doubled(tmp_path: Path, rounds: int, seed: int) -> None:
    tally = WorkerKills(tmp_path, seed).run(rounds)

    assert tally.wrong == [], f"{tally}, from seed {seed}"
    assert tally.killed + tally.ended == rounds


def test_what_some_do_at_once_is_done_once(tmp_path: Path, rounds: int, seed: int) -> None:
    crowds = max(rounds // 5, 1)

    tally = WorkerCrowd(tmp_path, seed).run(crowds)

    assert tally.wrong == [], f"{tally}, from seed {seed}"
    assert tally.ended == 4 * crowds
