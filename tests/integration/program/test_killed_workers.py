"""A worker that is killed loses nothing, and doubles nothing."""

from pathlib import Path

from tests.integration.program.worker_kills import WorkerKills

SEED, ROUNDS = 3, 20


def test_killed_workers_then_one_more_keep_what_undisturbed_ones_keep(tmp_path: Path) -> None:
    tally = WorkerKills(tmp_path, SEED).run(ROUNDS)

    assert tally.wrong == []
    assert tally.compared == 3
    assert tally.killed > 0
