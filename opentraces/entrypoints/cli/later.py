"""What commands that only read say of a bucket that is not, or not quite, of this release."""

from opentraces.domain.errors import Corrupt
from opentraces.entrypoints.cli.output import note
from opentraces.entrypoints.container import describing
from opentraces.entrypoints.settings import Settings


def note_if_later(settings: Settings) -> None:
    """Say that not all may be seen, where that is so; what can be read is read all the same."""
    try:
        kind = describing.later_format(settings)
    except Corrupt as error:
        note(f"opentraces: {error} → opentraces bucket verify")
        return
    if kind is not None:
        note(
            f"opentraces: a later release made this bucket ({kind}): it is only read, and what "
            "that release changed or added is not shown → upgrade opentraces"
        )
