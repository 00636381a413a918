import pytest

from opentraces.adapters.memory.agent_setup import SETTINGS, MemoryAgentSetup
from opentraces.application.set_up_agent import SetUpAgent, SetUpRequest
from opentraces.domain.errors import SettingsInvalid
from opentraces.domain.setup import SetupPlan

INSTALL = SetUpRequest()
REMOVE = SetUpRequest(is_removal=True)


@pytest.fixture
def files() -> dict[str, bytes]:
    return {SETTINGS: b"theirs\n"}


@pytest.fixture
def set_up(files: dict[str, bytes]) -> SetUpAgent:
    return SetUpAgent(MemoryAgentSetup(files))


def test_hooks_are_put_in(set_up: SetUpAgent, files: dict[str, bytes]) -> None:
    done = set_up.execute(INSTALL)

    assert (done.was_installed, done.found.is_installed, done.found.missing) == (False, True, ())
    assert {change.path: change.after for change in done.plan.changes} == files


def test_hooks_are_taken_out(set_up: SetUpAgent, files: dict[str, bytes]) -> None:
    set_up.execute(INSTALL)
    done = set_up.execute(REMOVE)

    assert (done.was_installed, done.found.is_installed) == (True, False)
    assert files == {SETTINGS: b"theirs\n"}


@pytest.mark.parametrize("request_", [INSTALL, REMOVE])
def test_asked_for_again_nothing_is_changed(set_up: SetUpAgent, request_: SetUpRequest) -> None:
    set_up.execute(INSTALL)
    set_up.execute(request_)
    done = set_up.execute(request_)

    assert done.plan == SetupPlan(())
    assert done.found.is_installed == (request_ is INSTALL)


def test_a_dry_run_changes_nothing_and_plans_the_same(
    set_up: SetUpAgent, files: dict[str, bytes]
) -> None:
    before = dict(files)
    dry = set_up.execute(SetUpRequest(is_dry_run=True))

    assert files == before
    assert (dry.found.is_installed, dry.plan.changes != ()) == (False, True)
    assert dry.plan == set_up.execute(INSTALL).plan
    before = dict(files)
    dry = set_up.execute(SetUpRequest(is_removal=True, is_dry_run=True))
    assert files == before
    assert dry.plan == set_up.execute(REMOVE).plan


def test_settings_that_cannot_be_edited_stop_it(
    set_up: SetUpAgent, files: dict[str, bytes]
) -> None:
    files[SETTINGS] = b"\xff"

    with pytest.raises(SettingsInvalid):
        set_up.execute(INSTALL)
    assert files == {SETTINGS: b"\xff"}
