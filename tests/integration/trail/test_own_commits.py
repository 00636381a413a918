"""What real sessions committed: every edit is tied to its commit, and to no other."""

import pytest

from tests.integration.trail.control.fixtures import COMMITS, WITHOUT, Own
from tests.integration.trail.control.real_sessions import RealSessions, expected


@pytest.fixture(scope="module")
def real(tmp_path_factory: pytest.TempPathFactory) -> RealSessions:
    return RealSessions(tmp_path_factory.mktemp("own"))


@pytest.mark.parametrize("own", COMMITS, ids=lambda own: own.folder)
def test_every_edit_is_tied_to_the_commit_of_its_session(own: Own, real: RealSessions) -> None:
    assert real.said(own.folder) == {real.commits[own.folder]: expected(own.lines)}


@pytest.mark.parametrize("folder", WITHOUT)
def test_nobody_is_named_where_no_session_committed(folder: str, real: RealSessions) -> None:
    assert real.said(folder) == {}


def test_sessions_that_committed_nothing_changed_files(real: RealSessions) -> None:
    """So that the silence above has something to be silent about."""
    for folder in WITHOUT:
        place = real.checkouts[folder].folder
        assert any(user.sessions(place) for user in real.users), folder
