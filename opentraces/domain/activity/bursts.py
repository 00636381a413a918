"""Bursts: segments of a session, each of them work on one intent.

A burst begins where a person asks for something, where the session goes on after a pause, and,
after a commit, where the model does something again. Whatever it says before that still belongs to
what was committed. Each step is in exactly one burst, in the order of their numbers; steps of
helpers, and of branches that were left, are in the burst in which they came.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from math import fsum
from typing import NamedTuple

from opentraces.domain.activity.course import Passed
from opentraces.domain.activity.deed import Deed, Doing

PAUSE_MS = 30 * 60 * 1000
"""A pause that ends a burst: half an hour."""

_TELLING = (
    Deed.EDIT,
    Deed.SUBAGENT,
    Deed.TEST,
    Deed.COMMIT,
    Deed.COMMAND,
    Deed.READ,
    Deed.SEARCH,
    Deed.PLAN,
    Deed.TOOL,
    Deed.FAILURE,
    Deed.WORDS,
    Deed.COMPACTION,
    Deed.REQUEST,
)
"""What a burst is called after: the first of these that happens in it."""

_DIGITS = 9


class Burst(NamedTuple):
    """Work on one intent."""

    steps: tuple[Passed, ...]
    """Its steps, ascending; never empty."""

    request: Passed | None
    """What a person asked for last, in this burst or before. None: nobody asked yet."""

    begins: str
    """Why it begins: `start`, `request`, `commit` or `pause`."""

    @property
    def first(self) -> int:
        """The number of its first step."""
        return self.steps[0].number

    @property
    def last(self) -> int:
        """The number of its last step."""
        return self.steps[-1].number

    @property
    def intent(self) -> str:
        """What it is for, in the words of who said it; empty: nobody did.

        What was asked for; of what goes on after a commit or a pause, what the model says first.
        """
        asked = self.request.words if self.request else ""
        if self.begins == "request" or (self.request and self.request.number >= self.first):
            return asked
        said = (each.words for each in self.steps if each.role == "agent" and each.is_own)
        return next((words for words in said if words.strip()), asked)

    @property
    def doings(self) -> Iterator[tuple[Passed, Doing]]:
        """What is done in it, each with its step."""
        return ((step, doing) for step in self.steps for doing in step.doings)

    @property
    def counts(self) -> Mapping[Deed, int]:
        """How often each kind of thing is done."""
        return Counter(doing.deed for _, doing in self.doings)

    @property
    def kind(self) -> Deed:
        """What it is called after."""
        counts = self.counts
        return next((deed for deed in _TELLING if counts.get(deed)), Deed.WORDS)

    @property
    def files(self) -> tuple[str, ...]:
        """Paths that it names, in the order in which they come up."""
        return tuple(dict.fromkeys(path for _, doing in self.doings for path in doing.files))

    @property
    def tokens(self) -> int:
        """Tokens of its responses, those from a cache and into it included."""
        return sum(step.tokens for step in self.steps)

    @property
    def cost_usd(self) -> float | None:
        """What its responses cost, in US dollars. None: of one of them it is not known."""
        return cost_together(self.steps)

    @property
    def seconds(self) -> float | None:
        """From its first moment to its last. None: it has not two."""
        moments = [step.moment for step in self.steps if step.moment is not None]
        return (max(moments) - min(moments)) / 1000 if len(moments) > 1 else None


def cost_together(steps: Sequence[Passed]) -> float | None:
    """Return what steps cost, in US dollars. None: of one it is not known, or none was paid for."""
    costs = [step.cost_usd for step in steps]
    if None in costs or not any(step.tokens for step in steps):
        return None
    return round(fsum(cost for cost in costs if cost is not None), _DIGITS)


def bursts_of(steps: Sequence[Passed]) -> tuple[Burst, ...]:
    """Cut a course into bursts: each step is in exactly one of them."""
    bursts: list[Burst] = []
    request: Passed | None = None
    for begins, run in _runs(steps):
        own = [step for step in run if step.is_request]
        request = own[0] if own else request
        bursts.append(Burst(tuple(run), request, begins))
        request = own[-1] if own else request
    return tuple(bursts)


def _runs(steps: Sequence[Passed]) -> Iterator[tuple[str, list[Passed]]]:
    run: list[Passed] = []
    begins = "start"
    latest: int | None = None
    is_committed = False
    for step in steps:
        cut = _cut(step, run, latest, is_committed=is_committed)
        if cut is not None:
            yield begins, run
            run, begins, is_committed = [], cut, False
        run.append(step)
        is_committed = is_committed or (step.is_own and _commits(step))
        latest = max(latest or 0, step.moment) if step.moment is not None else latest
    if run:
        yield begins, run


def _cut(
    step: Passed, run: Sequence[Passed], latest: int | None, *, is_committed: bool
) -> str | None:
    """Return why a step begins a burst. None: it does not."""
    if not any(each.role != "system" for each in run):
        return None  # so far, only the agent's program spoke
    if step.is_request:
        return "request"
    if not step.is_own:
        return None
    if latest is not None and step.moment is not None and step.moment - latest > PAUSE_MS:
        return "pause"
    is_at_work = any(doing.deed is not Deed.WORDS for doing in step.doings)
    return "commit" if is_committed and step.role == "agent" and is_at_work else None


def _commits(step: Passed) -> bool:
    return any(doing.deed is Deed.COMMIT and not doing.is_failed for doing in step.doings)
