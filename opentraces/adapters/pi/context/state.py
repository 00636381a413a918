"""A conversation that is read on later: what of it is kept in between."""

from dataclasses import asdict
from typing import Any

from opentraces.adapters.pi.context.marks import Calls, Mark
from opentraces.adapters.pi.context.prompts import Prompts
from opentraces.adapters.pi.context.rows import Row, Rows, restored_block, saved_block
from opentraces.adapters.pi.context.standing import Due, Standing
from opentraces.domain.context.growing import GrowingContext


def saved(standing: Standing) -> dict[str, Any]:
    """Return it as values that JSON can hold; only after the events were taken."""
    summed = standing.summed
    edits = [[at, target, row.saved()] for at, (target, row) in standing.edits.items()]
    return {
        "growing": standing.growing.saved(),
        "leaf": standing.leaf,
        "mark": asdict(standing.mark),
        "calls_due": list(standing.due.calls),
        "later": list(map(saved_block, standing.due.later)),
        "state": standing.state,
        "since": standing.since,
        "own": standing.own,
        "breaks": sorted(standing.breaks),
        "summed": summed and [summed[0], [row.saved() for row in summed[1]]],
        "edits": edits,
        "giants": standing.giants,
        "calls": standing.calls.saved(),
        "rows": standing.rows.saved(),
        "prompts": asdict(standing.prompts),
    }


def restored(values: dict[str, Any]) -> Standing:
    """Return what `saved` was called on."""
    mark = values["mark"]
    summed = values["summed"]
    due = dict.fromkeys(values["calls_due"])
    return Standing(
        growing=GrowingContext.restored(values["growing"]),
        leaf=values["leaf"],
        mark=Mark(**{**mark, "lacks": tuple(mark["lacks"])}),
        due=Due(due, list(map(restored_block, values["later"]))),
        state=values["state"],
        since=values["since"],
        own=values["own"],
        breaks=set(values["breaks"]),
        summed=(summed[0], list(map(Row.restored, summed[1]))) if summed else None,
        edits={at: (target, Row.restored(row)) for at, target, row in values["edits"]},
        giants=values["giants"],
        calls=Calls.restored(values["calls"]),
        rows=Rows.restored(values["rows"]),
        prompts=Prompts(**values["prompts"]),
    )
