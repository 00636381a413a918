"""What `opentraces setup capture-otlp` does."""

from opentraces.application.set_up_agent import SetUpRequest
from opentraces.entrypoints.cli import output
from opentraces.entrypoints.cli.documents.telemetry import set_up_document
from opentraces.entrypoints.cli.views.telemetry_setup import set_up_lines
from opentraces.entrypoints.container import receiving
from opentraces.entrypoints.settings import Settings


def set_up_telemetry(
    settings: Settings, request: SetUpRequest, port: int | None, *, has_unit: bool, as_json: bool
) -> None:
    """Do it, and say what was done."""
    done = receiving.set_up_telemetry(settings, port, has_unit=has_unit).execute(request)
    if as_json:
        output.print_json(set_up_document(done))
    else:
        output.show(set_up_lines(done, settings.user))
