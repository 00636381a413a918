"""Repairs that lose power, are refused, or are killed at any point, and are run again."""

from pathlib import Path

import pytest

from tests.integration.repairing.conftest import paired, place, remembered
from tests.integration.repairing.interrupting import lose_power, refuse
from tests.integration.repairing.kept_home import KeptHome
from tests.integration.repairing.machines import DamagedMachine

__all__ = ["paired", "place", "remembered"]

pytestmark = pytest.mark.faults

_SLOWER = 10
"""So many times as long as a hook lives a repair."""


def test_the_power_may_go_at_any_point(
    paired: KeptHome, remembered: KeptHome, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    assert lose_power(paired, remembered.all_kept(), monkeypatch, tmp_path / "left", 1) > 100


def test_the_disk_may_refuse_at_any_point(
    paired: KeptHome, remembered: KeptHome, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    assert refuse(paired, remembered.all_kept(), monkeypatch, tmp_path / "left", 1) > 100


def test_a_killed_one_is_run_again(tmp_path: Path, rounds: int, seed: int) -> None:
    damaged = DamagedMachine.made(tmp_path / "damaged")

    assert damaged.kill_repairs(rounds // _SLOWER, seed, tmp_path) == [], f"from seed {seed}"
