"""What this is, and where."""

from collections.abc import Iterator

from opentraces.application.diagnosing.checker import Checker
from opentraces.domain.health import Check, Level
from opentraces.domain.slotted import frozen_dataclass


@frozen_dataclass
class ProgramChecker(Checker):
    """Says which program answers: there may be several on a machine."""

    release: str
    """Of opentraces."""

    python: str
    """The release of Python that runs it."""

    interpreter: str
    """Where that Python is."""

    home: str
    """The folder of all that is kept."""

    def checks(self) -> Iterator[Check]:
        """See Checker."""
        python = f"Python {self.python} ({self.interpreter})"
        text = f"opentraces {self.release}, {python}, home {self.home}"
        yield Check("program", Level.OK, text)
