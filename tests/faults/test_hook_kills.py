"""Hooks killed at random instants: what one acknowledged is in the spool, whole and once."""

import pytest

from tests.integration.hooks.hooked import HookedMachine
from tests.integration.hooks.kills import kill_hooks

pytestmark = pytest.mark.faults


def test_no_acknowledged_event_is_lost(machine: HookedMachine, rounds: int, seed: int) -> None:
    tally = kill_hooks(machine, rounds, seed)

    assert tally.wrong == [], f"{tally}, from seed {seed}"
    assert tally.acknowledged + tally.killed == rounds
