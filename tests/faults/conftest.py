"""How often and how: `FAULT_ROUNDS` and `FAULT_SEED` of the environment."""

import os
from random import SystemRandom

import pytest

from tests.integration.hooks.conftest import machine, python, workers

__all__ = ["machine", "python", "workers"]

ROUNDS = int(os.environ.get("FAULT_ROUNDS") or 500)
SEED = int(os.environ.get("FAULT_SEED") or SystemRandom().randrange(2**32))


def pytest_report_header() -> str:
    """Say what repeats this run, as far as instants can be repeated."""
    return f"faults: FAULT_ROUNDS={ROUNDS} FAULT_SEED={SEED}"


@pytest.fixture(scope="session")
def rounds() -> int:
    """How many programs are started to be killed."""
    return ROUNDS


@pytest.fixture(scope="session")
def seed() -> int:
    """From which all that is random follows."""
    return SEED
