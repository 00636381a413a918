"""A sample of every damage to every file; `tests/faults` tries all of them."""

from itertools import islice
from pathlib import Path

import pytest

from tests.integration.repairing.harm import KINDS, harms
from tests.integration.repairing.kept_home import KeptHome
from tests.integration.repairing.matrix import try_all

STRIDE = 11


@pytest.mark.usefixtures("no_waiting_for_the_disk")
class TestEveryDamage:
    @pytest.mark.parametrize("kind", KINDS)
    def test_what_the_agent_has_still_is_put_back(
        self, kind: str, remembered: KeptHome, place: Path
    ) -> None:
        first = KINDS.index(kind)

        some = islice(harms(remembered.path, kind), first, None, STRIDE)

        assert try_all(remembered, some, place)

    @pytest.mark.parametrize("kind", KINDS)
    def test_what_is_nowhere_else_is_named_and_stays(
        self, kind: str, forgotten: KeptHome, place: Path
    ) -> None:
        first = KINDS.index(kind) + 3

        some = islice(harms(forgotten.path, kind), first, None, STRIDE)

        assert try_all(forgotten, some, place)
