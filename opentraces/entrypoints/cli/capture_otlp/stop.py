"""`opentraces capture-otlp stop`."""

import click

from opentraces.application.run_receiver import Wanted
from opentraces.entrypoints.cli.capture_otlp.running import run
from opentraces.entrypoints.cli.examples import examples


@click.command(
    epilog=examples("opentraces capture-otlp stop", "opentraces capture-otlp stop --json")
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
def stop(as_json: bool) -> None:
    """End the receiver, and return when it has ended.

    What it answered before is in the spool. An agent that goes on is not held up: what it tells
    meanwhile is lost, and its own files say the rest.
    """
    run(Wanted.STOP, as_json=as_json)
