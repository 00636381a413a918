"""How telemetry that waits is made a part of a trace."""

from opentraces.application.take_up_telemetry import TakenUp, TakeUpRequest, TakeUpTelemetry
from opentraces.entrypoints.container.describing import refuse_later
from opentraces.entrypoints.container.importing import telemetry_spools
from opentraces.entrypoints.container.keeping import import_sessions
from opentraces.entrypoints.container.keeping_events import ingest_all
from opentraces.entrypoints.settings import Settings


def take_up(settings: Settings, request: TakeUpRequest) -> TakenUp:
    """Run the ordinary ingest of one session; see TakeUpTelemetry. Raises NewerFormat, too."""
    refuse_later(settings)
    return take_up_telemetry(settings).execute(request)


def take_up_telemetry(settings: Settings) -> TakeUpTelemetry:
    """Make the use case that takes telemetry up."""
    return TakeUpTelemetry(
        telemetry=telemetry_spools(settings),
        imports=import_sessions(settings),
        ingest=lambda: ingest_all(settings).agents,
    )
