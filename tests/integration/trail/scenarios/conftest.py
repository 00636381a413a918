"""A machine for each story."""

from pathlib import Path

import pytest

from tests.integration.trail.scenarios.told import functions
from tests.integration.trail.scenarios.world import Agent, Checkout, World


@pytest.fixture
def world(home: Path) -> World:
    """A machine on which nothing happened yet."""
    return World(home.resolve())


@pytest.fixture
def app(world: World) -> Checkout:
    """A repository of one commit: a.py, of two lines."""
    return world.repository()


@pytest.fixture
def agent(world: World, app: Checkout) -> Agent:
    """A session that works there."""
    return world.agent(app)


@pytest.fixture
def second() -> str:
    """Four lines for the end of a.py, which are its lines 3 to 6 then."""
    return functions("second")
