"""How the receiver of telemetry stands."""

from collections.abc import Iterator

from opentraces.application.run_receiver import ReceiverRun, Wanted
from opentraces.application.tell_receiver import ReceiverStatus
from opentraces.domain.telemetry.receiving import ReceiverState
from opentraces.entrypoints.cli.output import Bold, Line
from opentraces.entrypoints.cli.views.amounts import count, size

START = "opentraces capture-otlp start"
"""The command that starts it."""


def run_lines(done: ReceiverRun) -> Iterator[Line]:
    """Show what was done."""
    if done.wanted is Wanted.STOP:
        said = "ended" if done.was_running else "not running; nothing to do"
    else:
        is_new = done.wanted is Wanted.RESTART or not done.was_running
        said = f"{'listening' if is_new else 'runs already:'} {_where(done.state)}"
    yield (Bold("Receiver  "), said)


def status_lines(status: ReceiverStatus) -> Iterator[Line]:
    """Show whether it runs first, then what came and what waits."""
    state = status.state
    if not state.is_running:
        yield (Bold("Receiver  "), f"not running → {START}")
    else:
        yield (Bold("Receiver  "), f"listening {_where(state)}")
    if state.is_answering:
        told = f"{count(state.records, 'record')} in {count(state.requests, 'request')}"
        yield (Bold("Came      "), f"{told}, {state.refused:,} refused")
    elif state.is_running:
        yield (Bold("Came      "), "it does not say → opentraces capture-otlp restart")
    waits = f"{size(status.spooled_bytes)} of {count(status.sessions, 'session')}"
    yield (Bold("Waiting   "), waits if status.sessions else "nothing")


def _where(state: ReceiverState) -> str:
    return f"on 127.0.0.1:{state.port}"
