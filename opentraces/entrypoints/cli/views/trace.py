"""What was done with one trace."""

from collections.abc import Iterator
from pathlib import Path

from opentraces.application.delete_trace import Deleted
from opentraces.application.restore_trace import Restored
from opentraces.entrypoints.cli.output import Bold, Line
from opentraces.entrypoints.cli.plain import one_line
from opentraces.entrypoints.cli.views.amounts import count, size


def restored_lines(restored: Restored, folder: Path) -> Iterator[Line]:
    """Show which files were written."""
    written = f"{count(len(restored.files), 'file')}, {size(restored.bytes)} → {folder}"
    yield (Bold("Restored  "), one_line(written))
    for file in restored.files:
        yield (f"  {one_line(file)}",)


def deleted_lines(deleted: Deleted) -> Iterator[Line]:
    """Show what is gone."""
    yield (Bold("Deleted  "), f"{deleted.trace}: no import brings it back")
    if deleted.behind is not None:
        yield (f"Searches have not forgotten it yet: {one_line(deleted.behind)}",)
