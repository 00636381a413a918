"""How many changes are committed, and what is left of them."""

from collections.abc import Iterator

from opentraces.application.trail_status import RepositoryTally, TrailState
from opentraces.entrypoints.cli.output import Bold, Dim, Line
from opentraces.entrypoints.cli.plain import one_line
from opentraces.entrypoints.cli.views.amounts import count, moment
from opentraces.entrypoints.cli.views.trail_words import patches, tally_words


def state_lines(state: TrailState) -> Iterator[Line]:
    """Show the sum first; below it, of several repositories, each."""
    words = tally_words(state.tally)
    sum_of_all = (Bold(patches(state.tally.patches)), f"  {words}" if words else "")
    if len(state.repositories) == 1:
        row = state.repositories[0]
        yield (*sum_of_all, f"  {one_line(row.folder)}")
        yield (Dim(_searched(row)),)
        return
    yield (*sum_of_all, f"  in {len(state.repositories):,} repositories")
    for row in state.repositories:
        yield ()
        yield (Bold(one_line(row.folder)), f"  {tally_words(row.tally)}")
        yield ("  ", Dim(_searched(row)))


def _searched(row: RepositoryTally) -> str:
    whose = f"of {count(row.traces, 'trace')}"
    if not row.until:
        return f"{whose}; no commit was searched yet"
    return f"{whose}; commits searched up to {moment(row.until)}"
