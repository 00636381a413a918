"""A commit is old or new, whole, whatever part of it had reached the disk."""

from pathlib import Path
from random import Random

import pytest

from tests.integration.adapters.filesystem.losing_power import COMMITS, lose_power

pytestmark = pytest.mark.usefixtures("no_flushing")

SOME = 24
"""Subsets at each point; `tests/faults` tries all."""


@pytest.mark.parametrize("name", COMMITS)
def test_any_part_of_it_may_be_lost(name: str, tmp_path: Path) -> None:
    place = tmp_path / "place"

    lost = lose_power(place, COMMITS[name], SOME, Random(1), has_syncfs=True)

    assert lost.operations > 8
    assert lost.disks > lost.operations
