"""What users do, with every trouble at every instant; the table is printed at the end."""

from collections.abc import Callable
from random import Random

import pytest

from tests.faults.conftest import EVERY
from tests.integration.fault_matrix.conftest import elsewhere, stage
from tests.integration.fault_matrix.stage import Stage
from tests.integration.fault_matrix.troubles import TROUBLES, trouble

__all__ = ["elsewhere", "stage"]

pytestmark = pytest.mark.faults


@pytest.mark.parametrize("name", TROUBLES)
def test_nothing_is_lost_and_another_run_ends_it(
    stage: Stage, name: str, seed: int, record_property: Callable[[str, object], None]
) -> None:
    cell = trouble(stage, name, EVERY, Random(f"{seed}, {stage.scene.name}, {name}"))

    record_property("cell", cell.row())
    assert cell.wrong == [], f"from seed {seed}"
