"""Random histories of known lines, in real repositories: nobody is named who did not write.

One of them is told by `python -m tests.integration.trail.fuzzing MODE SEED`. Many more of them:
`make test-faults`.
"""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.integration.trail.fuzzing.evidence import crediting
from tests.integration.trail.fuzzing.lines import Mode
from tests.integration.trail.fuzzing.mistakes import MISTAKES
from tests.integration.trail.fuzzing.running import (
    COVERAGE,
    DOUBTFUL,
    Happened,
    happen,
    stories,
    verdict_of,
)

SEEDS = range(45)
"""So many of each mode take less than a minute together."""


@pytest.fixture(scope="session")
def happened(tmp_path_factory: pytest.TempPathFactory) -> Callable[[Mode, int], Happened]:
    """Histories, each of which happens once."""
    folder: Path = tmp_path_factory.mktemp("histories")
    done: dict[tuple[Mode, int], Happened] = {}

    def of(mode: Mode, seed: int) -> Happened:
        if (mode, seed) not in done:
            done[mode, seed] = happen(folder / f"{mode}-{seed}", mode, seed)
        return done[mode, seed]

    return of


@pytest.mark.parametrize("mode", ["unique", "identical"])
def test_nobody_is_named_who_did_not_write(
    mode: Mode,
    happened: Callable[[Mode, int], Happened],
    record_property: Callable[[str, object], None],
) -> None:
    histories = [happened(mode, seed) for seed in SEEDS]

    verdict = verdict_of(histories, crediting)

    record_property("credits", f"{mode}: {verdict}")
    assert not verdict.wrong, stories(verdict, histories, crediting)
    assert verdict.doubtful <= DOUBTFUL, stories(verdict, histories, crediting)
    assert verdict.coverage >= COVERAGE[mode], f"{verdict}\n{verdict.missed}"


@pytest.mark.parametrize("name", MISTAKES)
def test_a_planted_mistake_is_found(name: str, happened: Callable[[Mode, int], Happened]) -> None:
    histories = (happened("identical", seed) for seed in SEEDS)

    assert any(verdict_of([each], MISTAKES[name]).wrong for each in histories)


def test_a_history_happens_again_by_its_seed(
    tmp_path: Path, happened: Callable[[Mode, int], Happened]
) -> None:
    again = happen(tmp_path / "again", "identical", SEEDS[0])

    assert again.world.journal == happened("identical", SEEDS[0]).world.journal
