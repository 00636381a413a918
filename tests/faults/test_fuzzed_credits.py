"""Thousands of random histories, from `FAULT_SEED` on: nobody is named who did not write."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.integration.trail.fuzzing.evidence import crediting
from tests.integration.trail.fuzzing.judging import Verdict
from tests.integration.trail.fuzzing.lines import Mode
from tests.integration.trail.fuzzing.running import (
    COVERAGE,
    DOUBTFUL,
    Happened,
    happen,
    stories,
    verdict_of,
)

HISTORIES = 4
"""So many for each of `FAULT_ROUNDS`."""


@pytest.mark.faults
@pytest.mark.parametrize("mode", ["unique", "identical"])
def test_nobody_is_named_who_did_not_write(
    mode: Mode,
    rounds: int,
    seed: int,
    tmp_path: Path,
    record_property: Callable[[str, object], None],
) -> None:
    total, failed = Verdict(), list[Happened]()
    for number in range(seed, seed + HISTORIES * rounds):
        happened = happen(tmp_path / str(number), mode, number)
        verdict = verdict_of([happened], crediting)
        total += verdict
        if verdict.wrong:
            failed.append(happened)

    record_property("credits", f"{mode}, from {seed}: {total}")
    assert not total.wrong, stories(total, failed, crediting)
    assert total.doubtful <= DOUBTFUL, str(total)
    assert total.coverage >= COVERAGE[mode], f"{total}\n{total.missed}"
