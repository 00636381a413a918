"""Count uses over the steps of a session: each once, in however many forms it is told.

A turn goes from one prompt to the next, work of sub-agents in between included. In it a skill that
was called or typed is the same as the text of it that the program put there, and as its file that
the model read. What was typed as a command is a skill where its text is that of a skill. What only
looks like a skill's name, and brought no text, is none.
"""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import field

from opentraces.domain.kept_step import KeptStep
from opentraces.domain.skills.counted import Counts, UseCounts
from opentraces.domain.skills.use import Form, Kind, Use
from opentraces.domain.skills.uses import uses_in
from opentraces.domain.slotted import mutable_dataclass
from opentraces.domain.step import Step

_REFUSED = re.compile(r"<local-command-(?:stderr>(?!</)|stdout>Unknown (?:slash )?command: )")
"""How it begins what a command of Claude Code's printed that failed, or that is not there."""

_NAMING = {
    Form.TYPED: frozenset((Kind.SKILL, Kind.COMMAND)),
    Form.CALLED: frozenset((Kind.SKILL,)),
    Form.READ: frozenset[Kind](),
}
"""Which uses name a skill whose text or file may then be told, too; what was read is told once."""

_Key = tuple[Kind, str]


def count_uses(
    steps: Iterable[KeptStep], left_out: Collection[int], edits: Mapping[int, tuple[int, int]]
) -> tuple[UseCounts, ...]:
    """Return what a session used, by kind and name.

    `steps`: all, ascending, each as it was amended last. `left_out`: numbers of those that are
    another trace's. `edits`: how many changes to files a step made, and how many of these are in
    commits, by its number.
    """
    counts: dict[_Key, Counts] = {}
    own = (kept for kept in steps if kept.step.step_index not in left_out)
    for turn in _turns(own):
        for key, more in turn.counted(edits):
            counts[key] = counts.get(key, Counts()).plus(more)
    return tuple(UseCounts(*key, counts[key]) for key in sorted(counts))


@mutable_dataclass
class _Seen:
    """What counts of one step."""

    number: int
    uses: tuple[Use, ...]
    failed: frozenset[str]
    """Calls of it that failed."""

    is_refused: bool
    """Whether it says that the command before it failed."""


@mutable_dataclass
class _Turn:
    steps: list[_Seen] = field(default_factory=list)

    def counted(self, edits: Mapping[int, tuple[int, int]]) -> Iterator[tuple[_Key, Counts]]:
        """Yield what was used, and what came of it."""
        told = _Told([use for seen in self.steps for use in seen.uses])
        in_force: dict[_Key, None] = {}
        command: _Key | None = None
        for seen in self.steps:
            for key in in_force:
                yield key, Counts(errors_after=len(seen.failed))
            for use in seen.uses:
                kind = told.kind_of(use)
                if kind is not None:
                    in_force[kind, use.name] = None
                    command = (kind, use.name) if kind is Kind.COMMAND else command
                    failed = use.call is not None and use.call in seen.failed
                    yield (kind, use.name), Counts(1, failed)
            if seen.is_refused and command is not None:
                yield command, Counts(errors=1)
                command = None
            made, kept = edits.get(seen.number, (0, 0))
            for key in in_force if made else ():
                yield key, Counts(edits=made, edits_kept=kept)


class _Told:
    """What all that is told of skills in a turn comes to."""

    def __init__(self, uses: Iterable[Use]) -> None:
        self._loaded: set[str] = set()
        self._named: set[str] = set()
        for use in uses:
            if use.form is Form.LOADED:
                self._loaded.add(use.name)
            elif use.kind in _NAMING[use.form]:
                self._named.add(_last_part(use.name))

    def kind_of(self, use: Use) -> Kind | None:
        """Return as what a use counts. None: it does not, or did so before."""
        if use.form is Form.CALLED or use.kind is Kind.MCP:
            return use.kind
        if use.form is Form.TYPED:
            if _last_part(use.name) in self._loaded:
                return Kind.SKILL
            return use.kind if use.kind is Kind.COMMAND else None
        if use.name in self._named or (use.form is Form.READ and use.name in self._loaded):
            return None
        self._named.add(use.name)
        return Kind.SKILL


def _turns(steps: Iterable[KeptStep]) -> Iterator[_Turn]:
    turn = _Turn()
    for kept in steps:
        step = kept.step
        if step.role == "user" and step.agent_role in (None, "main") and turn.steps:
            yield turn
            turn = _Turn()
        seen = _Seen(step.step_index, uses_in(step, kept.native), _failed(step), _refuses(step))
        turn.steps.append(seen)
    yield turn


def _failed(step: Step) -> frozenset[str]:
    return frozenset(seen.source_call_id for seen in step.observations if seen.error)


def _refuses(step: Step) -> bool:
    return step.role == "system" and _REFUSED.match(step.content or "") is not None


def _last_part(name: str) -> str:
    """Return the name of a skill without that of its plugin."""
    return name.rpartition(":")[2]
