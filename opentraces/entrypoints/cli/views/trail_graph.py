"""Commits, and the sessions that wrote their lines."""

from collections.abc import Iterator

from opentraces.application.graph_trail import TrailGraph
from opentraces.entrypoints.cli.output import Bold, Dim, Line
from opentraces.entrypoints.cli.views.ids import short_ids
from opentraces.entrypoints.cli.views.trail_words import cut, lines, short, tier_words


def graph_lines(graph: TrailGraph, columns: int | None) -> Iterator[Line]:
    """Show the newest first; `columns`: how long a line may be. None: as long as it is."""
    if not graph.rows:
        yield ("no commits",)
    ids = short_ids({part.trace for row in graph.rows for part in row.parts})
    agents = [graph.agents.get(trace, "not readable") for trace in ids]
    width = max(map(len, agents), default=0)
    for row in graph.rows:
        head = f"* {short(row.commit.commit)} "
        yield (
            Bold(head),
            cut(row.commit.subject, None if columns is None else columns - len(head)),
        )
        for part in row.parts:
            agent = graph.agents.get(part.trace, "not readable")
            text = f"  {agent:{width}}  {lines(part.lines):>9}  {tier_words(part.tiers)}"
            before = f"| {ids[part.trace]}"
            room = None if columns is None else columns - len(before)
            yield (Dim("| "), ids[part.trace], Dim(cut_kept(text, room)))


def cut_kept(text: str, room: int | None) -> str:
    """Cut a text of ours, whose columns stay where they are."""
    return text if room is None or len(text) <= room else f"{text[: room - 1]}…"
