"""How often and how: `FAULT_ROUNDS` and `FAULT_SEED` of the environment."""

import os
from random import SystemRandom

import pytest

from tests.faults.table import table
from tests.integration.hooks.conftest import machine, python, workers

__all__ = ["machine", "python", "workers"]

ROUNDS = int(os.environ.get("FAULT_ROUNDS") or 500)
SEED = int(os.environ.get("FAULT_SEED") or SystemRandom().randrange(2**32))
os.environ["FAULT_SEED"] = str(SEED)  # processes that share the work have the same


EVERY = int(os.environ.get("FAULT_INSTANTS") or 0) or None
"""At how many instants each trouble comes to each scene. None: at all there are."""


def pytest_report_header() -> str:
    """Say what repeats this run, as far as instants can be repeated."""
    return f"faults: FAULT_ROUNDS={ROUNDS} FAULT_SEED={SEED} FAULT_INSTANTS={EVERY or 'all'}"


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print the table of troubles, and how many disks were looked at."""
    reports = [*terminalreporter.getreports("passed"), *terminalreporter.getreports("failed")]
    said = [each for report in reports for each in report.user_properties]
    rows = [tuple(value) for name, value in said if name == "cell"]
    disks = [value for name, value in said if name == "disks"]
    credited = [value for name, value in said if name == "credits"]
    if credited:
        terminalreporter.section("who is named for lines of random histories")
        for line in credited:
            terminalreporter.write_line(str(line))
    if rows:
        terminalreporter.section("what users do, and every trouble at any instant")
        for line in table(rows):
            terminalreporter.write_line(line)
    if disks:
        terminalreporter.section("disks that a loss of power may leave of one commit")
        terminalreporter.write_line(f"{sum(disks)} looked at, each as before or as after, whole")


@pytest.fixture(scope="session")
def rounds() -> int:
    """How many programs are started to be killed."""
    return ROUNDS


@pytest.fixture(scope="session")
def seed() -> int:
    """From which all that is random follows."""
    return SEED
