"""Workers that are killed, or work at once, lose nothing and double nothing."""

from pathlib import Path

from tests.integration.program.worker_kills import WorkerCrowd, WorkerKills

SEED, ROUNDS = 3, 13
CROWDS = 3


def test_killed_workers_then_one_more_keep_what_undisturbed_ones_keep(tmp_path: Path) -> None:
    tally = WorkerKills(tmp_path, SEED).run(ROUNDS)

    assert tally.wrong == []
    assert tally.compared == 3
    assert tally.killed > 0


def test_workers_and_imports_at_once_keep_what_one_after_the_other_keeps(tmp_path: Path) -> None:
    tally = WorkerCrowd(tmp_path, SEED).run(CROWDS)

    assert tally.wrong == []
    assert tally.ended == 4 * CROWDS
