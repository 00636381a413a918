"""The stages of all scenes, each made once; and what the troubles made of them, printed."""

from pathlib import Path

import pytest

from tests.integration.fault_matrix.scenes import SCENES
from tests.integration.fault_matrix.stage import Stage


@pytest.fixture(scope="session", params=SCENES, ids=lambda scene: scene.name)
def stage(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Stage:
    """One scene; the environment is that of its place, whatever is done in it."""
    return Stage.of(request.param, tmp_path_factory.mktemp("stage"))


@pytest.fixture(autouse=True)
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Be in no folder that is taken away."""
    monkeypatch.chdir(tmp_path)
