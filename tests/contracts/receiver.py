"""What every Receiver keeps to."""

import pytest

from opentraces.ports.receiver import Receiver


class ReceiverContract:
    @pytest.fixture
    def receiver(self) -> Receiver:
        raise NotImplementedError("give one that does not run")

    def test_none_runs_at_first(self, receiver: Receiver) -> None:
        assert not receiver.state().is_running

    def test_started_it_runs_and_answers(self, receiver: Receiver) -> None:
        receiver.start()

        state = receiver.state()
        assert (state.is_running, state.is_answering) == (True, True)
        assert (state.requests, state.records, state.refused) == (0, 0, 0)
        assert state.port > 0

    def test_started_twice_it_is_the_same(self, receiver: Receiver) -> None:
        receiver.start()
        before = self.identity(receiver)
        receiver.start()

        assert self.identity(receiver) == before

    def test_stopped_it_runs_no_more(self, receiver: Receiver) -> None:
        receiver.start()
        receiver.stop()

        assert not receiver.state().is_running

    def test_stopping_what_does_not_run_is_nothing(self, receiver: Receiver) -> None:
        receiver.stop()

        assert not receiver.state().is_running

    def test_it_can_be_started_again(self, receiver: Receiver) -> None:
        for _ in range(2):
            receiver.start()
            assert receiver.state().is_running
            receiver.stop()

    def identity(self, receiver: Receiver) -> object:
        """What is another for another receiver."""
        raise NotImplementedError
