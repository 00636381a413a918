"""What the commands share that start or end the receiver."""

from opentraces.application.run_receiver import Wanted
from opentraces.entrypoints.cli import output
from opentraces.entrypoints.cli.documents.telemetry import run_document
from opentraces.entrypoints.cli.views.telemetry import run_lines
from opentraces.entrypoints.container import media, receiving
from opentraces.entrypoints.settings import Settings


def run(wanted: Wanted, *, as_json: bool) -> None:
    """Do what is wanted, and say how the receiver stands then."""
    settings = Settings.from_environment()
    if wanted is not Wanted.STOP:
        media.refuse_unwritable(settings)
    done = receiving.run_receiver(settings).execute(wanted)
    if as_json:
        output.print_json(run_document(done))
    else:
        output.show(run_lines(done))
