"""Whether what the home is on can do what it takes."""

from collections.abc import Iterator

from opentraces.application.diagnosing.checker import Checker
from opentraces.domain.health import Check, Level
from opentraces.domain.slotted import frozen_dataclass
from opentraces.ports.medium import Medium

_TOPIC = "home"


@frozen_dataclass
class MediumChecker(Checker):
    """Looks at the file system that the home is on."""

    home: str
    """The folder of all that is kept."""

    medium: Medium

    def checks(self) -> Iterator[Check]:
        """See Checker."""
        refusal, network = self.medium.refusal(), self.medium.network()
        if refusal is not None:
            text, _, advice = refusal.partition(" → ")
            yield Check(_TOPIC, Level.FAIL, text, advice or None)
        if network is not None:
            text = (
                f"{self.home} is on a network's file system ({network}): slow, and locks may fail"
            )
            advice = "keep it on a local one, and set OPENTRACES_HOME to it"
            yield Check(_TOPIC, Level.WARN, text, advice)
        if refusal is None and network is None:
            yield Check(_TOPIC, Level.OK, f"{self.home} can be written to")
