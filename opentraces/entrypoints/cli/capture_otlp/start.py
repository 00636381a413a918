"""`opentraces capture-otlp start`."""

import click

from opentraces.application.run_receiver import Wanted
from opentraces.entrypoints.cli.capture_otlp.running import run
from opentraces.entrypoints.cli.examples import examples
from opentraces.entrypoints.container import receiving
from opentraces.entrypoints.settings import Settings


@click.command(
    epilog=examples(
        "opentraces capture-otlp start",
        "opentraces capture-otlp start --foreground",
    )
)
@click.option("--foreground", is_flag=True, help="Stay, until Ctrl-C or a signal ends it.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
def start(foreground: bool, as_json: bool) -> None:
    """Start what receives agents' telemetry on this machine, unless it runs.

    It goes on when this command has ended; each home has one. It takes OTLP over HTTP, as JSON or
    protobuf, from this machine only and with its token, and writes it down before it answers.
    """
    if foreground:
        receiving.receive_here(Settings.from_environment())
    run(Wanted.START, as_json=as_json)
