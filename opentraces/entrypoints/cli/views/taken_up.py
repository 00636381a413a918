"""What became of a session's telemetry."""

from collections.abc import Iterator

from opentraces.application.take_up_telemetry import TakenUp, TakeUpRequest
from opentraces.entrypoints.cli.output import Bold, Line
from opentraces.entrypoints.cli.plain import one_line
from opentraces.entrypoints.cli.views.amounts import size


def taken_up_lines(request: TakeUpRequest, done: TakenUp) -> Iterator[Line]:
    """Show of which trace it is a part now, and what still waits."""
    if not done.imported.failed:
        did = "kept" if done.imported.kept else "kept already"
        session = one_line(request.session)
        yield (Bold("Telemetry "), f"{did}: {done.agent.value} {session} → {done.trace}")
    if done.left_bytes:
        yield (Bold("Waiting   "), size(done.left_bytes))
