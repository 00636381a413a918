"""Starting, ending and setting up, without a process or a disk."""

import pytest

from opentraces.adapters.memory.agent_setup import MemoryAgentSetup
from opentraces.adapters.memory.receiver import MemoryReceiver
from opentraces.adapters.memory.spool import MemoryEventSpool
from opentraces.application.run_receiver import RunReceiver, Wanted
from opentraces.application.set_up_agent import SetUpAgent, SetUpRequest
from opentraces.application.set_up_telemetry import SetUpTelemetry
from opentraces.application.tell_receiver import TellReceiver
from opentraces.domain.ids import SessionId


@pytest.mark.parametrize("was_running", [True, False])
@pytest.mark.parametrize(
    ("wanted", "starts", "ends"),
    [(Wanted.START, 0, 0), (Wanted.STOP, 0, 1), (Wanted.RESTART, 1, 1)],
)
def test_receiver_is_as_wanted(wanted: Wanted, starts: int, ends: int, was_running: bool) -> None:
    receiver = MemoryReceiver(is_running=was_running)

    done = RunReceiver(receiver).execute(wanted)

    assert done.was_running == was_running
    assert done.state.is_running == (wanted is not Wanted.STOP)
    if was_running:
        assert (receiver.starts, receiver.ends) == (starts, ends)


def test_status_tells_what_waits() -> None:
    spool = MemoryEventSpool()
    for session in ("a", "b"):
        spool.write(SessionId(session), b"{}\n")

    status = TellReceiver(MemoryReceiver(), spool).execute()

    assert (status.sessions, status.spooled_bytes) == (2, 6)
    assert not status.state.is_running


@pytest.mark.parametrize(
    ("request_", "runs"),
    [
        (SetUpRequest(), True),
        (SetUpRequest(is_removal=True, is_dry_run=True), True),
        (SetUpRequest(is_removal=True), False),
    ],
)
def test_removal_ends_the_receiver(request_: SetUpRequest, runs: bool) -> None:
    use = SetUpTelemetry(SetUpAgent(MemoryAgentSetup({})), MemoryReceiver(is_running=True))

    assert use.execute(request_).state.is_running == runs
