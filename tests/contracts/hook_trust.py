"""What every HookTrust keeps to."""

import pytest

from opentraces.domain.setup import HooksTrusted
from opentraces.ports.hook_trust import HookTrust

ANSWER = HooksTrusted(
    trusted=("Stop",), untrusted=("SessionEnd",), modified=("Interrupt",), complaints=("no",)
)


class HookTrustContract:
    @pytest.fixture
    def trust(self) -> HookTrust:
        raise NotImplementedError("give an agent that answers ANSWER")

    @pytest.fixture
    def mute(self) -> HookTrust:
        raise NotImplementedError("give an agent that cannot be asked")

    def test_answer_is_told(self, trust: HookTrust) -> None:
        assert trust.ask() == ANSWER

    def test_asked_twice_it_answers_twice(self, trust: HookTrust) -> None:
        assert trust.ask() == trust.ask()

    def test_agent_that_cannot_be_asked_is_a_problem_and_no_error(self, mute: HookTrust) -> None:
        told = mute.ask()

        assert told.problem
        assert (told.trusted, told.untrusted, told.modified, told.disabled) == ((), (), (), ())
