"""The log of workers: one file that hooks hand to them, and the one before it."""

from pathlib import Path

from opentraces.adapters.filesystem.tree import translated

_MOST_BYTES = 1_000_000


def turn_over(log: Path) -> None:
    """Begin a new log when it is long; one that a worker still writes to is the one before then."""
    with translated(str(log)):
        try:
            is_long = log.stat().st_size > _MOST_BYTES
        except FileNotFoundError:
            return
        if is_long:
            log.replace(log.with_name(f"{log.name}.1"))
