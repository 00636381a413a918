"""Homes with a real bucket, whole and projected by the parser of today; only to be copied."""

import shutil
from pathlib import Path

import pytest

from opentraces.adapters.filesystem import durable
from opentraces.adapters.memory.sessions import MemorySessions
from tests.integration.repairing.kept_home import KeptHome


@pytest.fixture
def no_waiting_for_the_disk(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is not about durability need not wait for it."""
    monkeypatch.setattr(durable, "_SYNC", lambda _: 0)
    monkeypatch.setattr(durable, "_FEW", 0)


@pytest.fixture(scope="session")
def forgotten(tmp_path_factory: pytest.TempPathFactory) -> KeptHome:
    """A home of which the agent has nothing any more."""
    return KeptHome.made(tmp_path_factory.mktemp("forgotten") / "home", has_files=False)


@pytest.fixture(scope="session")
def remembered(tmp_path_factory: pytest.TempPathFactory) -> KeptHome:
    """A home of which the agent has all its files still."""
    return KeptHome.made(tmp_path_factory.mktemp("remembered") / "home", has_files=True)


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """Where a home may be copied to."""
    return tmp_path / "copy"


@pytest.fixture
def paired(remembered: KeptHome, place: Path) -> KeptHome:
    """A home to be damaged; the agent has its files still."""
    shutil.copytree(remembered.path, place)
    return KeptHome(place, MemorySessions(contents=dict(remembered.locations())))


@pytest.fixture
def alone(forgotten: KeptHome, place: Path) -> KeptHome:
    """A home to be damaged; the agent has nothing any more."""
    shutil.copytree(forgotten.path, place)
    return KeptHome(place)
