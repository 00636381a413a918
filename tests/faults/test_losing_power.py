"""One commit of each kind, and every subset of what was not durable when the power went."""

from collections.abc import Callable
from pathlib import Path
from random import Random

import pytest

from tests.integration.adapters.filesystem.losing_power import COMMITS, lose_power

pytestmark = pytest.mark.faults

ALL = 4096
"""Subsets at one point: all, where at most twelve changes were not durable."""


@pytest.mark.parametrize("has_syncfs", [True, False])
@pytest.mark.parametrize("name", COMMITS)
def test_any_part_of_it_may_be_lost(
    name: str,
    has_syncfs: bool,
    tmp_path: Path,
    seed: int,
    record_property: Callable[[str, object], None],
) -> None:
    random = Random(f"{seed}, {name}")

    lost = lose_power(tmp_path / "place", COMMITS[name], ALL, random, has_syncfs=has_syncfs)

    record_property("disks", lost.disks)
    assert lost.disks > lost.operations
