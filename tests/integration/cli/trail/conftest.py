"""A repository with one session's work in it, kept and committed in part."""

from pathlib import Path

import pytest

from tests.integration.cli.conftest import Call
from tests.integration.cli.trail.widgets import SECOND, Widgets

PROMPT = "please add the second one\nit belongs behind the first"


@pytest.fixture
def widgets(home: Path, call: Call, monkeypatch: pytest.MonkeyPatch) -> Widgets:
    """A repository that we stand in."""
    made = Widgets(home.resolve() / "widgets", home)
    monkeypatch.chdir(made.folder)
    return made


@pytest.fixture
def trace(widgets: Widgets, call: Call) -> str:
    """A kept session that wrote four lines, which are committed, and a file, which is not."""
    session = widgets.session().asks(PROMPT, at=10)
    session.adds("a.py", SECOND, at=20)
    widgets.commit("Add the second one", at=30)
    session.writes("new.py", "never_committed_so_far = 12345678\n", at=40).leave()
    assert call("import", "--all").exit_code == 0
    return session.name
