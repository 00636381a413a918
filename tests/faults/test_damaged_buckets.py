"""Every damage to every file of a real bucket: what a repair makes of it."""

from pathlib import Path

import pytest

from tests.integration.repairing.conftest import forgotten, no_waiting_for_the_disk, remembered
from tests.integration.repairing.harm import KINDS, harms
from tests.integration.repairing.kept_home import KeptHome
from tests.integration.repairing.matrix import try_all

__all__ = ["forgotten", "no_waiting_for_the_disk", "remembered"]

pytestmark = [pytest.mark.faults, pytest.mark.usefixtures("no_waiting_for_the_disk")]


@pytest.mark.parametrize("kind", KINDS)
def test_what_the_agent_has_still_is_put_back(
    kind: str, remembered: KeptHome, tmp_path: Path
) -> None:
    assert try_all(remembered, harms(remembered.path, kind), tmp_path / "copy") > 40


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_nowhere_else_is_named_and_stays(
    kind: str, forgotten: KeptHome, tmp_path: Path
) -> None:
    assert try_all(forgotten, harms(forgotten.path, kind), tmp_path / "copy") > 40
