"""Some instants of each trouble in each scene; `make test-faults` tries all of them."""

from random import Random

import pytest

from tests.integration.fault_matrix.stage import Stage
from tests.integration.fault_matrix.troubles import TROUBLES, trouble

SOME = 1

pytestmark = pytest.mark.usefixtures("no_flushing")


@pytest.mark.parametrize("name", TROUBLES)
def test_nothing_is_lost_and_another_run_ends_it(stage: Stage, name: str) -> None:
    cell = trouble(stage, name, SOME, Random(f"{stage.scene.name}, {name}"))

    assert cell.wrong == []
