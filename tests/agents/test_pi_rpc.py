"""Sessions of the real Pi are kept as the model falls silent, while the client goes on."""

from collections.abc import Iterator

import pytest

from tests.agents.rig.pi_live import RELEASES, PiLive, living
from tests.agents.rig.pi_rpc import Rpc, spoken_to
from tests.agents.rig.pi_story import INTERRUPTED, UNHEARD, WORK
from tests.agents.rig.waiting import wait_until

pytestmark = pytest.mark.agents


@pytest.fixture(scope="module", params=RELEASES)
def live(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[PiLive]:
    """A home in which the extension is installed."""
    with living(tmp_path_factory.mktemp("live"), request.param) as live:
        yield live


@pytest.fixture(scope="module")
def client(live: PiLive) -> Iterator[Rpc]:
    """A client that is open through all tests, in their order."""
    with spoken_to(live.client, live.repository) as client:
        yield client
        assert client.leave() == 0


def test_session_that_is_interrupted_is_kept_while_the_client_goes_on(
    live: PiLive, client: Rpc
) -> None:
    client.begin(f"{INTERRUPTED}: wait")
    begun = live.repository.parent / f"{INTERRUPTED}.begun"
    wait_until(begun.exists, lambda: f"{begun} exists")
    client.ask("abort")

    told = live.kept(client.session, agent_end=1)

    assert told.prompts == [f"{INTERRUPTED}: wait"]
    assert [each["error"] for each in told.results.values()] == ["Command aborted"]
    (interruption,) = told.record["metadata"]["interruptions"]
    assert interruption["step_index"] == told.record["steps"][-1]["step_index"]
    assert "failures" not in told.record["metadata"]
    assert "session_shutdown" not in told.events
    assert told.capture_method == "live_capture"


def test_commands_of_the_user_are_kept_with_the_next_prompt(live: PiLive, client: Rpc) -> None:
    client.ask("bash", command="echo seen")
    client.prompt(f"{UNHEARD}: go on")

    told = live.kept(client.session, agent_end=2)

    assert told.prompts == [f"{INTERRUPTED}: wait", "!echo seen", f"{UNHEARD}: go on"]
    assert "session_shutdown" not in told.events


def test_session_that_is_left_for_a_new_one_is_kept(live: PiLive, client: Rpc) -> None:
    before = client.session
    client.ask("new_session")
    client.prompt(f"{WORK}: see to it")
    assert client.session != before

    left, told = live.kept(before, session_shutdown=1), live.kept(client.session, agent_end=1)

    assert left.events["agent_end"] == 2
    assert (told.prompts, told.tools) == ([f"{WORK}: see to it"], ["read", "edit", "bash", "bash"])
    assert "session_shutdown" not in told.events


def test_session_that_the_client_came_back_to_is_kept_with_what_was_told_both_times(
    live: PiLive, client: Rpc
) -> None:
    left = client.session
    client.ask("new_session")
    client.ask("switch_session", sessionPath=str(live.client.sessions()[left]))
    assert client.session == left
    client.prompt(f"{UNHEARD}: once more")

    told = live.kept(left, agent_end=2)

    assert told.prompts == [f"{WORK}: see to it", f"{UNHEARD}: once more"]
    assert told.events["input"] == told.events["before_agent_start"] == 2
    assert told.events["before_provider_request"] == told.events["turn_end"] == 5


def test_clone_is_kept_with_its_own_steps(live: PiLive, client: Rpc) -> None:
    before = client.session
    client.ask("clone")
    client.prompt(f"{UNHEARD}: go on")
    assert client.session != before

    told = live.kept(client.session, agent_end=1)

    assert told.prompts == [f"{UNHEARD}: go on"]
    assert told.record["metadata"]["pi"]["parent_session_id"] == before
