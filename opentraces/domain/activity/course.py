"""The course of a session: what each step does, who does it, and what it cost."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import NamedTuple

from opentraces.domain.activity.deed import Deed, Doing
from opentraces.domain.activity.doings import doings_of
from opentraces.domain.branches import branches_of
from opentraces.domain.claiming import claim_of
from opentraces.domain.copies import copied_steps
from opentraces.domain.envelope import Envelope, KeptSource
from opentraces.domain.kept_step import KeptStep
from opentraces.domain.moments import milliseconds
from opentraces.domain.step import Step
from opentraces.domain.subagents import Helper, helpers_of
from opentraces.domain.usage.spent import Spent

Pay = Callable[[Spent], float | None]
"""What a response cost, in US dollars. None: it is not known."""

_FAILURE = "failure"
"""The native mark of a step that says that the model's service failed."""


class Passed(NamedTuple):
    """One step of the course."""

    number: int
    """Its number in the trace."""

    role: str
    """Who speaks: `user`, `agent`, `system`."""

    words: str
    """What is said; empty: nothing is."""

    doings: tuple[Doing, ...]
    """What is done, in its order."""

    helper: str | None = None
    """The agent's own id of the helper whose step it is. None: it is the session's own."""

    thinking: str = ""
    """The model's thinking, its readable part."""

    moment: int | None = None
    """When: milliseconds since 1970. None: not said."""

    tokens: int = 0
    """Tokens of its response, those from a cache and into it included; 0: none, or a copy."""

    cost_usd: float | None = 0.0
    """What its response cost, in US dollars. None: it was paid for, and nobody said what."""

    is_left: bool = False
    """Whether it is on a branch that was left."""

    @property
    def is_request(self) -> bool:
        """Whether a person asks for something."""
        return any(doing.deed is Deed.REQUEST for doing in self.doings)

    @property
    def is_own(self) -> bool:
        """Whether it is the session's own, and no helper's."""
        return self.helper is None


class Course(NamedTuple):
    """A session, as it went."""

    steps: tuple[Passed, ...]
    """All its steps, ascending; those of branches that were left, too."""

    helpers: Mapping[str, Helper]
    """Its helpers, by the agent's own ids of them."""


def course_of(envelope: Envelope, kept: Sequence[KeptStep], pay: Pay) -> Course:
    """Return the course of a session; `kept` are all its steps, ascending, as last amended."""
    sources = envelope.header.sources
    helpers = helpers_of(sources, kept)
    copied = copied_steps(kept, envelope.header.replays)
    left = branches_of(sources, kept).inactive
    compacted = _compacted(sources, kept)
    steps = tuple(
        _passed(
            each,
            helpers.get(each.source),
            is_copied=each.step.step_index in copied,
            is_compaction=each.step.step_index in compacted,
        )._replace(
            is_left=each.step.step_index in left,
            cost_usd=0.0 if each.step.step_index in copied else _cost(each, pay),
        )
        for each in kept
    )
    return Course(steps, {helper.agent_id: helper for helper in helpers.values()})


def _passed(
    kept: KeptStep, helper: Helper | None, *, is_copied: bool, is_compaction: bool
) -> Passed:
    step = kept.step
    return Passed(
        number=step.step_index,
        role=step.role,
        words=step.content or "",
        doings=tuple(_doings(kept, helper, is_compaction=is_compaction)),
        helper=helper.agent_id if helper else None,
        thinking=step.reasoning_content or "",
        moment=milliseconds(step.timestamp),
        tokens=0 if is_copied else _tokens(step),
    )


def _doings(kept: KeptStep, helper: Helper | None, *, is_compaction: bool) -> Iterable[Doing]:
    step = kept.step
    words = (step.content or "").strip()
    if is_compaction:
        yield Doing(Deed.COMPACTION, words)
    elif _FAILURE in kept.native:
        yield Doing(Deed.FAILURE, words or kept.native[_FAILURE], is_failed=True)
    elif step.role == "user" and helper is None:
        yield Doing(Deed.REQUEST, words)
    elif step.role == "agent" and words and not step.tool_calls:
        yield Doing(Deed.WORDS, words)
    yield from doings_of(step)


def _tokens(step: Step) -> int:
    usage = step.token_usage
    read = usage.input_tokens + usage.cache_read_tokens
    return read + usage.cache_write_tokens + usage.output_tokens


def _cost(kept: KeptStep, pay: Pay) -> float | None:
    spent = claim_of(kept).spent
    if spent is None or not (kept.is_counted or spent.cost_usd is not None):
        return 0.0
    return pay(spent)


def _compacted(sources: Sequence[KeptSource], kept: Iterable[KeptStep]) -> frozenset[int]:
    """Return the numbers of the steps that tell of a compaction."""
    told = {
        (number, compaction.ordinal)
        for number, source in enumerate(sources)
        if source.facts is not None and not source.superseded
        for compaction in source.facts.compactions
    }
    return frozenset(each.step.step_index for each in kept if (each.source, each.ordinal) in told)
