"""Whether what an agent is told to tell over OTLP is received."""

from collections.abc import Iterator

from opentraces.application.diagnosing.checker import Checker
from opentraces.domain.amounts import count
from opentraces.domain.health import Check, Level
from opentraces.domain.setup import HooksFound
from opentraces.domain.slotted import frozen_dataclass
from opentraces.ports.agent_setup import AgentSetup
from opentraces.ports.receiver import Receiver

_TOPIC = "telemetry"
_SETUP = "opentraces setup capture-otlp"


@frozen_dataclass
class TelemetryChecker(Checker):
    """Looks at the keys in the agent's settings, and at the receiver they name."""

    setup: AgentSetup
    receiver: Receiver

    def checks(self) -> Iterator[Check]:
        """See Checker."""
        found = self.setup.inspect()
        if found.problem is not None:
            return  # who looks at our hooks in the same settings says it
        if not found.is_installed:
            yield Check(_TOPIC, Level.OK, "not set up")
        else:
            yield from self._faults(found)
            yield self._receiving()

    def _faults(self, found: HooksFound) -> Iterator[Check]:
        for each in found.obstacles:
            text, _, advice = each.partition(" → ")
            yield Check(_TOPIC, Level.WARN, text, advice or None)
        if found.missing or not found.is_for_us:
            yield Check(_TOPIC, Level.WARN, "its keys are of another setup, or not all", _SETUP)

    def _receiving(self) -> Check:
        state = self.receiver.state()
        if not state.is_running:
            text = "the receiver does not run: what is told is lost, and holds nothing up"
            return Check(_TOPIC, Level.WARN, text, "opentraces capture-otlp start")
        if not state.is_answering:
            text = "the receiver does not answer"
            return Check(_TOPIC, Level.WARN, text, "opentraces capture-otlp restart")
        came = f"{count(state.records, 'record')} since its start"
        return Check(_TOPIC, Level.OK, f"received on port {state.port}, {came}")
