"""`opentraces capture-otlp restart`."""

import click

from opentraces.application.run_receiver import Wanted
from opentraces.entrypoints.cli.capture_otlp.running import run
from opentraces.entrypoints.cli.examples import examples


@click.command(
    epilog=examples("opentraces capture-otlp restart", "opentraces capture-otlp restart --json")
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
def restart(as_json: bool) -> None:
    """End the receiver, and start it anew.

    After another port was chosen, or opentraces was upgraded.
    """
    run(Wanted.RESTART, as_json=as_json)
