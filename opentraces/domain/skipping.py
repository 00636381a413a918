"""Why the bytes of a session are kept and it is no trace."""

from opentraces.domain.line_counts import LineCounts

NOTHING_SAID = "nothing typed and no model's line in it (bytes kept)"
"""It was opened, and nobody said anything."""

NOTHING_RECOGNISED = "no line of it was recognised: the agent may have changed its format"
"""Somebody must look at it: what should be a trace is none."""

HARDLY_RECOGNISED = "hardly a line of it was recognised: the agent may have changed its format"
"""So must they: nobody said anything that is known, and most of its lines are not."""

DELETED = "it was deleted from the bucket, and stays so"
"""Its trace was deleted, and nothing of it is kept."""

ALARMS = frozenset((NOTHING_RECOGNISED, HARDLY_RECOGNISED))
"""Those that are errors."""


def why_no_trace(said: int, lines: LineCounts, size: int) -> str | None:
    """Say why a file, or a session, of which `size` bytes are kept is no trace. None: it is one.

    `said`: what a person typed and a model answered in it, as far as it was recognised.
    """
    if said:
        return None
    alien = lines.unknown + lines.bad
    if not lines.recognised and (alien or size):
        return NOTHING_RECOGNISED
    return HARDLY_RECOGNISED if alien > lines.recognised else NOTHING_SAID
