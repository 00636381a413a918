"""The receiver of telemetry, as it is found."""

from opentraces.domain.slotted import frozen_dataclass

USUAL_PORT = 4318
"""Where OTLP over HTTP is received, where nobody says otherwise."""


@frozen_dataclass
class ReceiverState:
    """Whether the receiver runs, and what came since it was started."""

    is_running: bool
    """Whether there is one."""

    port: int
    """Where it listens; where it does not run: where it would."""

    is_answering: bool = False
    """Whether it said what came; one that does not has none of the numbers below."""

    requests: int = 0
    """Requests whose records were written down."""

    records: int = 0
    """Those records."""

    refused: int = 0
    """Requests that were refused, and connections."""
