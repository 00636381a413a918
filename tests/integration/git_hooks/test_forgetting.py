"""What hooks noted is looked at by the next command about trails, and then forgotten."""

import pytest

from tests.integration.cli.conftest import DATA
from tests.integration.git_hooks.conftest import Opentraces, Place


@pytest.mark.parametrize("is_noted", [True, False])
def test_a_command_about_trails_empties_the_notes(
    place: Place, opentraces: Opentraces, is_noted: bool
) -> None:
    opentraces("import", str(DATA / "edit_commit" / "projects"))
    opentraces("init")
    if is_noted:
        opentraces("setup", "git")
        place.commit("--amend")
        assert len(place.noted()) == 2
    opentraces("trail", "status")

    assert place.noted() == []
    assert place.notes.exists() == is_noted
