"""Evidence of a trace, one slice after the other."""

from collections.abc import Iterator

from opentraces.application.slice_trace import Sliced
from opentraces.entrypoints.cli.output import Line


def slice_lines(found: Sliced) -> Iterator[Line]:
    """Show each slice as it would stand in a prompt, an empty line between two."""
    for at, each in enumerate(found.slices):
        if at:
            yield ()
        for line in each.text.rstrip("\n").split("\n"):
            yield (line,)
