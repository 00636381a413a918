"""What an import did."""

from collections.abc import Iterator, Sequence

from opentraces.application.imported import Imported, Left
from opentraces.entrypoints.cli.output import Bold, Line
from opentraces.entrypoints.cli.plain import one_line
from opentraces.entrypoints.cli.views.amounts import count, size

_SHOWN = 10


def imported_lines(imported: Imported) -> Iterator[Line]:
    """Show what was kept, what was not, and what to do next."""
    usage = imported.usage
    yield (
        Bold("Imported  "),
        f"{count(imported.kept, 'session')}, {imported.unchanged:,} unchanged",
        f"     {count(usage.responses, 'response')} counted, ",
        f"{count(usage.replays_skipped, 'replay')} skipped",
    )
    if imported.source_bytes:
        took = f"{size(imported.source_bytes)} → {size(imported.stored_bytes)}"
        yield (Bold("Kept      "), took)
    yield from _left_lines("Skipped   ", imported.skipped)
    if imported.failed or imported.alien:
        yield (Bold("Failed    "), _failed(imported))
    lines = imported.lines
    if lines.unknown or lines.bad:
        yield (
            Bold("Lines     "),
            f"{lines.recognised:,} understood, {lines.unknown:,} of unknown types, ",
            f"{lines.bad:,} that are no JSON: all are kept",
        )
    if not (imported.kept or imported.unchanged or imported.skipped or imported.failed):
        yield (Bold("Next      "), "no session was found here → opentraces import --all")
    elif imported.kept or imported.unchanged:
        yield (Bold("Next      "), 'opentraces trace query "what you remember of it"')


def _failed(imported: Imported) -> str:
    """Count; each is named where errors are."""
    counts = ((len(imported.failed), "session"), (len(imported.alien), "file of a kept session"))
    return ", ".join(count(number, what) for number, what in counts if number)


def _left_lines(head: str, rows: Sequence[Left]) -> Iterator[Line]:
    for number, left in enumerate(rows[:_SHOWN]):
        start = (
            f"{head}{len(rows)}  " if number == 0 else " " * (len(head) + len(str(len(rows))) + 2)
        )
        yield (Bold(start), f"{one_line(left.path)}: {one_line(left.reason)}")
    if len(rows) > _SHOWN:
        yield (" " * len(head), f"… and {len(rows) - _SHOWN:,} more: --json lists all")
