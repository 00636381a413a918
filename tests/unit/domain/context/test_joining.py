"""Requests of bodies and calls of a session's lines, joined by what they hold."""

from collections.abc import Sequence

import pytest

from opentraces.domain.context.events import BodyKept, BranchType, ContextEvent, NodeObserved
from opentraces.domain.context.growing import Call, GrowingContext
from opentraces.domain.context.joining import Joined, joined
from opentraces.domain.context.lines import of_source
from opentraces.domain.context.live import RequestSaid
from opentraces.domain.context.tree import ContextTree
from opentraces.domain.ids import BlobId
from tests.recorded_bodies import block
from tests.unit.domain.context.test_live import STEP, Conversation

FIRST = ("u:reminder", "u:one")
SECOND = (*FIRST, "a:1", "u:two")
THIRD = (*SECOND, "a:2", "u:three")


def lines(
    *calls: tuple[str, Sequence[str]], source: int = 0, branch: BranchType | None = None
) -> list[ContextEvent]:
    """What a session's lines tell: the id of each answer, and all that was said before it."""
    context = GrowingContext()
    before: Sequence[str] = ()
    for number, (answer, said) in enumerate(calls):
        shared = 0
        while shared < len(before) and before[: shared + 1] == said[: shared + 1]:
            shared += 1
        if shared < len(before) or (branch and not number):
            context.go_to(context.point, branch or "rewind_branch", shared)
        for each in said[shared:]:
            spoken = block({"u": "user", "a": "assistant"}[each[0]], each[2:])
            context.waiting.append(spoken)
        context.call(Call(id=answer))
        before = said
    return [of_source(event, source) for event in context.take()]


def sent(*requests: Sequence[str] | tuple[Sequence[str], RequestSaid]) -> list[ContextEvent]:
    """What bodies tell, in the order of sending."""
    talk = Conversation()
    for each in requests:
        said, what = each if isinstance(each[-1], RequestSaid) else (each, STEP)
        talk.send(*said, what=what)  # type: ignore[arg-type]
    return [each for each in talk.keeping.events if isinstance(each, NodeObserved)]


def join(told: list[ContextEvent], live: list[ContextEvent]) -> Joined:
    one, other = (joined(ContextTree.of(each)) for each in ([*told, *live], [*live, *told]))
    assert one == other
    return one


def pairs(told: list[ContextEvent], live: list[ContextEvent]) -> dict[str, int]:
    """By answer: the number of its request, from 0."""
    names = [each.requests[0] for each in live if isinstance(each, NodeObserved)]
    return {
        answer: names.index(node.requests[0])
        for (_, answer), node in join(told, live).calls.items()
        if node.requests
    }


def test_a_request_is_of_the_call_that_follows_the_same_answer() -> None:
    told = lines(("A", FIRST), ("B", SECOND), ("C", THIRD))

    assert pairs(told, sent(FIRST, SECOND, THIRD)) == {"A": 0, "B": 1, "C": 2}
    assert pairs(told, sent(SECOND)) == {"B": 0}


def test_what_lines_leave_out_does_not_matter() -> None:
    told = lines(("A", FIRST[1:]), ("B", SECOND[1:]), ("C", THIRD[1:]))

    assert pairs(told, sent(FIRST, SECOND, THIRD)) == {"A": 0, "B": 1, "C": 2}


def test_a_joined_request_is_told_by_the_call_and_its_source() -> None:
    response = BodyKept(
        name="back", kind="response", sha256=BlobId("0" * 64), size=1, content={"id": "A"}
    )
    told = [*lines(("A", FIRST), source=3, branch="subagent_fork"), response]
    node = join(told, sent((FIRST, RequestSaid(is_helper=True)))).calls[3, "A"]

    assert (node.call, node.source, node.capture_method) == ("A", 3, "live_capture")
    assert node.requests[1:] == ("back",)
    assert node.branch_type == "subagent_fork"


def test_of_equal_requests_the_last_is_the_call_s() -> None:
    told, live = lines(("A", FIRST), ("B", SECOND)), sent(FIRST, FIRST, FIRST, SECOND, SECOND)

    assert pairs(told, live) == {"A": 2, "B": 4}
    assert [each.purpose for each in join(told, live).others] == ["retry"] * 3


def test_of_equal_requests_that_nothing_answered_the_last_was_no_retry() -> None:
    found = join([], sent(FIRST, FIRST)).others

    assert [(each.purpose, each.call) for each in found] == [("retry", None), ("other", None)]


def test_equal_calls_have_each_its_own_request() -> None:
    helper = RequestSaid(is_helper=True)
    told = [*lines(("A", FIRST), source=1), *lines(("B", FIRST), source=2)]
    one, other = (FIRST, helper), (FIRST, helper)

    assert sorted(pairs(told, sent(one, other)).values()) == [0, 1]
    assert sorted(pairs(told, sent(one, other, other)).values()) == [1, 2]
    assert len(pairs(told, sent(one))) == 1


@pytest.mark.parametrize("purpose", ["title", "compaction", "other"])
def test_what_is_no_step_is_never_joined(purpose: str) -> None:
    live = sent((FIRST, RequestSaid(purpose)))  # type: ignore[arg-type]
    found = join(lines(("A", FIRST)), live)

    assert [each.purpose for each in found.others] == [purpose]
    assert found.calls[0, "A"].requests == ()


def test_a_prompt_tells_apart_what_goes_on_from_one_answer() -> None:
    other = (*FIRST, "a:1", "u:other")
    told = lines(("A", FIRST), ("B", SECOND), ("C", other))

    assert pairs(told, sent(FIRST, SECOND, other)) == {"A": 0, "B": 1, "C": 2}
    assert pairs(told, sent(FIRST, other, SECOND)) == {"A": 0, "B": 2, "C": 1}


def test_the_same_prompt_after_the_same_answer_is_told_by_all_answers_before() -> None:
    longer = (*SECOND, "a:1", "u:two")
    told = lines(("A", FIRST), ("B", SECOND), ("C", longer))

    assert pairs(told, sent(FIRST, SECOND, longer)) == {"A": 0, "B": 1, "C": 2}
    assert pairs(told, sent(longer)) == {"C": 0}


def test_what_two_calls_would_fit_as_well_is_of_neither() -> None:
    told = lines(("B", SECOND), ("C", (*SECOND, "a:1", "u:two")))

    assert pairs(told, sent((*THIRD, "a:1", "u:two"))) == {}


@pytest.mark.parametrize("number", range(8))
def test_results_after_the_same_answer_are_told_by_all_answers_before(number: int) -> None:
    first, second = (f"u:result {number} of {each}" for each in "xy")
    one = (*FIRST, "a:calls", first)
    shown = (*FIRST, "a:calls", f"{first}, reminded")
    told = lines(("B", one), ("C", (*one, "a:calls", second)))
    live = sent(shown, (*shown, "a:calls", f"{second}, reminded"))

    assert pairs(told, live) == {"B": 0, "C": 1}


def test_a_prompt_that_was_not_answered_is_of_no_call() -> None:
    again = (*SECOND, "u:again")
    told = lines(("A", FIRST), ("B", again))

    assert pairs(told, sent(FIRST, SECOND)) == {"A": 0}
    assert pairs(told, sent(FIRST, SECOND, again)) == {"A": 0, "B": 2}


def test_another_prompt_after_the_same_answer_is_of_no_call() -> None:
    told = lines(("A", FIRST), ("B", SECOND))

    assert pairs(told, sent(FIRST, (*FIRST, "a:1", "u:gone"))) == {"A": 0}


def test_results_of_tools_are_those_of_the_answer_before() -> None:
    told = lines(("A", FIRST), ("B", (*FIRST, "a:calls", "u:result as the lines have it")))
    live = sent(FIRST, (*FIRST, "a:calls", "u:result with a reminder"))

    assert pairs(told, live) == {"A": 0, "B": 1}


def test_what_the_client_said_by_itself_may_be_in_no_line() -> None:
    told = lines(("A", FIRST), ("B", (*FIRST, "a:half of it")))

    assert pairs(told, sent(FIRST, (*FIRST, "a:half of it", "u:go on"))) == {"A": 0, "B": 1}


def test_a_helper_s_first_request_is_not_the_session_s() -> None:
    helper = RequestSaid(is_helper=True)
    told = lines(("A", FIRST))

    assert pairs(told, sent((("u:reminder", "u:help"), helper))) == {}


def test_after_a_summary_last_words_are_enough() -> None:
    summary = ("u:summary", "u:go on")
    told = lines(("A", summary), branch="compaction_fork")
    live = sent(FIRST, (("u:summary", "a:1", "u:go on"), RequestSaid(is_compacted=True)))

    assert pairs(told, live) == {"A": 1}
