"""Where the lines of a session can be cut, so that what is before can be gone on with.

The lines of a conversation stand in the order in which they were written, and a line names the one
that it follows. A cut keeps the lines before a place. It must not part a message of the model from
the results of its calls: what is left without them would be dropped in silence.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import field, replace
from enum import StrEnum

from opentraces.domain.slotted import frozen_dataclass, mutable_dataclass


@frozen_dataclass
class LineMarks:
    """What of a line decides where a session can be cut."""

    id: str | None = None
    """The line's own id. None: it is no part of the conversation, and is not taken along."""

    follows: str | None = None
    """The id of the line that it follows. None: it begins anew, or does not say."""

    message: str | None = None
    """The id of the model's message of which it is a part. None: the model did not write it."""

    calls: tuple[str, ...] = ()
    """Ids of the calls of tools that it makes."""

    results: tuple[str, ...] = ()
    """Ids of the calls whose results it holds."""

    is_said: bool = False
    """Whether the model wrote it or was told it."""

    is_prompt: bool = False
    """Whether somebody typed it: it may go on from any line before."""

    is_aside: bool = False
    """Whether it belongs to a sub-agent, whose lines stand among the session's."""

    awaits_summary: bool = False
    """Whether history ends here, and the next line is what stands in its place."""


class Obstacle(StrEnum):
    """Why a session cannot be cut at a line."""

    NOTHING_BEFORE = "nothing is said before it"
    IN_MESSAGE = "it is in the middle of an answer"
    IN_CALLS = "it is in the middle of tool calls that were made together"
    IN_COMPACTION = "it is in the middle of a compaction"
    SUB_AGENT = "a sub-agent made it"
    NO_LINE = "no line of the session holds it"


@frozen_dataclass
class Cut:
    """What is before a step."""

    step: int
    """The step's number in its trace."""

    end: int
    """So many lines of the source are before it, those included that are not taken along."""

    obstacle: Obstacle | None = None
    """Why it cannot be cut there. None: it can."""


@frozen_dataclass
class _State:
    """Where a conversation stands after a line."""

    end: int = 0
    message: str | None = None
    unanswered: frozenset[str] = frozenset()
    turn: int = 0
    is_said: bool = False
    awaits_summary: bool = False


@mutable_dataclass
class _Cutting:
    steps: Mapping[str, Collection[int]]
    state: _State = field(default_factory=_State)
    states: dict[str, _State] = field(default_factory=dict)
    cuts: dict[int, Cut] = field(default_factory=dict)
    waiting: dict[int, _State] = field(default_factory=dict)
    """Cuts that could be made unless a later line belongs to what is before them."""

    def take(self, number: int, line: LineMarks) -> None:
        if line.id is None:
            return
        if line.is_prompt and not line.is_aside:
            self._go_back(line)
        if line.id not in self.states:
            for step in self.steps.get(line.id, ()):
                self._begin(step, line)
        if not line.is_aside:
            self._part_from_nothing(line)
            self.state = _after(self.state, number, line)
        self.states.setdefault(line.id, self.state)

    def _go_back(self, line: LineMarks) -> None:
        """Stand again where a prompt goes on from, if that is no longer where we stand."""
        before = self.states.get(line.follows or "", self.state)
        if before.turn != self.state.turn:
            self.state = before

    def _begin(self, step: int, line: LineMarks) -> None:
        obstacle = _obstacle(self.state, line)
        self.cuts[step] = Cut(step, self.state.end, obstacle)
        if obstacle is None and self.state.message is not None:
            self.waiting[step] = self.state

    def _part_from_nothing(self, line: LineMarks) -> None:
        """Take back the cuts that would part this line from what it belongs to."""
        for step, before in list(self.waiting.items()):
            is_parted = line.message == before.message or before.unanswered & {*line.results}
            if is_parted:
                self.cuts[step] = replace(self.cuts[step], obstacle=Obstacle.IN_CALLS)
                del self.waiting[step]
            elif line.message is not None and not before.unanswered:
                del self.waiting[step]


def cuts(lines: Iterable[LineMarks], steps: Mapping[str, Collection[int]]) -> dict[int, Cut]:
    """Return where a source can be cut: before each of `steps`, by the id of its first line.

    A prompt that goes back to an earlier line is cut where that line ends.
    """
    cutting = _Cutting(steps)
    for number, line in enumerate(lines):
        cutting.take(number, line)
    for step in (each for group in steps.values() for each in group):
        cutting.cuts.setdefault(step, Cut(step, 0, Obstacle.NO_LINE))
    return cutting.cuts


def nearest(found: Mapping[int, Cut], step: int) -> tuple[int | None, int | None]:
    """Return the steps before and after that can be cut at. None: there is none on that side."""
    valid = [each.step for each in found.values() if each.obstacle is None]
    before = max((each for each in valid if each < step), default=None)
    return before, min((each for each in valid if each > step), default=None)


def _obstacle(state: _State, line: LineMarks) -> Obstacle | None:
    if line.is_aside:
        return Obstacle.SUB_AGENT
    if not state.is_said:
        return Obstacle.NOTHING_BEFORE
    if state.awaits_summary:
        return Obstacle.IN_COMPACTION
    is_same = line.message is not None and line.message == state.message
    return Obstacle.IN_MESSAGE if is_same else None


def _after(state: _State, number: int, line: LineMarks) -> _State:
    is_next = line.message is not None and line.message != state.message
    unanswered = frozenset() if is_next else state.unanswered
    return _State(
        end=number + 1,
        message=line.message or state.message,
        turn=state.turn + (is_next or line.is_prompt),
        unanswered=(unanswered | {*line.calls}) - {*line.results},
        is_said=state.is_said or line.is_said,
        awaits_summary=line.awaits_summary,
    )
