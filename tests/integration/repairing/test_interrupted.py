"""A repair that was interrupted is run again, and ends as one that was not."""

from pathlib import Path

import pytest

from tests.integration.repairing.interrupting import lose_power, refuse
from tests.integration.repairing.kept_home import KeptHome

pytestmark = pytest.mark.usefixtures("no_flushing")

SELDOM = 41
"""Every so many operations; `tests/faults` tries each."""


def test_the_power_may_go_at_any_point(
    paired: KeptHome, remembered: KeptHome, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    kept = remembered.all_kept()

    assert lose_power(paired, kept, monkeypatch, tmp_path / "left", SELDOM) > 100


def test_the_disk_may_refuse_at_any_point(
    paired: KeptHome, remembered: KeptHome, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    kept = remembered.all_kept()

    assert refuse(paired, kept, monkeypatch, tmp_path / "left", SELDOM // 2) > 100
