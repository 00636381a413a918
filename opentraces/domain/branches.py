"""Which steps of a trace are on its active branch, and what a record says of the others."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import field
from typing import Any

from opentraces.domain.branching import Branching, Transition
from opentraces.domain.built import built
from opentraces.domain.envelope import KeptSource
from opentraces.domain.kept_step import KeptStep
from opentraces.domain.slotted import frozen_dataclass
from opentraces.domain.step import Step
from opentraces.domain.trace import TraceRecord

BRANCHES, INACTIVE = "branches", "inactive"
"""Where a record has the steps that it leaves out: in `metadata`, under the agent's name."""

_Numbers = Mapping[tuple[int, int], int]
"""The number of a step in the trace, by its source and its place there."""


@frozen_dataclass
class Branches:
    """The branches of a trace, with the numbers that its steps have."""

    inactive: Mapping[int, int] = field(default_factory=dict)
    """The branch of each step that is not on the active one, by its number, ascending."""

    forks: Mapping[int, int | None] = field(default_factory=dict)
    """The step that each of these branches goes on from. None: from none of the trace."""

    metadata: Mapping[str, Any] = field(default_factory=dict)
    """Transitions, labels and edits; keys without content are absent."""

    def of(self, steps: Sequence[Step]) -> dict[str, Any]:
        """Return what a record says of them; `steps` are those that are not on the active one."""
        rows: dict[int, dict[str, Any]] = {}
        for step in steps:
            branch = self.inactive[step.step_index]
            row = rows.setdefault(branch, {"fork_step": self.forks[branch], "steps": []})
            row["steps"].append(step.as_json())
        said = {INACTIVE: list(rows.values()), **self.metadata}
        return {key: value for key, value in said.items() if value}

    def parent_of(self, step: int) -> int | None:
        """Return the step that a branch goes on from, of its first step. None: of any other."""
        return self.forks.get(step)


def branches_of(sources: Sequence[KeptSource], steps: Sequence[KeptStep]) -> Branches:
    """Return the branches of a trace, by what its sources say."""
    live = {
        number: kept.facts.branching
        for number, kept in enumerate(sources)
        if kept.facts is not None and not kept.superseded and kept.facts.branching != Branching()
    }
    if not live:
        return Branches()
    numbers = {(kept.source, kept.ordinal): kept.step.step_index for kept in steps}
    inactive: dict[int, int] = {}
    forks: dict[int, int | None] = {}
    for source, branching in live.items():
        for shoot in branching.inactive:
            ordinals = range(shoot.first, shoot.last + 1)
            own = [n for at in ordinals if (n := numbers.get((source, at))) is not None]
            inactive |= dict.fromkeys(own, own[0] if own else 0)
            forks |= {first: _number(numbers, source, shoot.fork) for first in own[:1]}
    return Branches(
        inactive=dict(sorted(inactive.items())), forks=forks, metadata=_metadata(live, numbers)
    )


def every_step(record: TraceRecord) -> tuple[Step, ...]:
    """Return all steps of a record, ascending: those that are not on the active branch, too."""
    left = [built(Step, step) for step in left_out(record)]
    return tuple(sorted((*record.steps, *left), key=_number_of)) if left else record.steps


def last_step(record: TraceRecord) -> int:
    """Return the number of the last step, on whatever branch; 0: there is none."""
    left = (step["step_index"] for step in left_out(record))
    return max((*(step.step_index for step in record.steps), *left), default=0)


def left_out(record: TraceRecord) -> Iterator[Any]:
    """Yield the steps that are not on the active branch, as the record has them."""
    own = record.metadata.get(key_of(record.agent.name), {})
    for branch in own.get(BRANCHES, {}).get(INACTIVE, ()):
        yield from branch["steps"]


def key_of(agent: str) -> str:
    """Return the key in `metadata` for what only one agent has."""
    return agent.replace("-", "_")


def _metadata(live: Mapping[int, Branching], numbers: _Numbers) -> dict[str, Any]:
    said: dict[str, list[Any]] = {"transitions": [], "labels": [], "context_edits": []}
    for source, branching in live.items():
        said["transitions"] += [
            _transition(each, source, numbers) for each in branching.transitions
        ]
        for name, rows in (
            ("labels", branching.labels),
            ("context_edits", branching.context_edits),
        ):
            for row in rows:
                values = row.as_json()
                number = _number(numbers, source, values.pop("ordinal"))
                if number is not None:
                    said[name].append({"step_index": number, **values})
    return said


def _transition(each: Transition, source: int, numbers: _Numbers) -> dict[str, Any]:
    row = {
        "step_index": _number(numbers, source, each.first),
        "fork_step": _number(numbers, source, each.fork),
        "fork_id": each.fork_id,
        "left_step": _number(numbers, source, each.left),
        "left_id": each.left_id,
    }
    said = {key: value for key, value in row.items() if value is not None}
    return {**said, "is_summed_up": True} if each.is_summed_up else said


def _number(numbers: _Numbers, source: int, ordinal: int | None) -> int | None:
    return numbers.get((source, ordinal)) if ordinal is not None else None


def _number_of(step: Step) -> int:
    return step.step_index
