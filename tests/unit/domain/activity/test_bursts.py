"""Where a burst begins, and what it says of itself."""

from collections.abc import Sequence

from hypothesis import given
from hypothesis import strategies as st

from opentraces.domain.activity.bursts import PAUSE_MS, bursts_of
from opentraces.domain.activity.course import Passed
from opentraces.domain.activity.deed import Deed
from opentraces.domain.activity.turns import turns_of
from tests.unit.domain.activity.steps import asked, call, did, said, told


def spans(steps: Sequence[Passed]) -> list[tuple[int, int, str]]:
    return [(burst.first, burst.last, burst.begins) for burst in bursts_of(steps)]


def test_a_request_begins_one() -> None:
    assert spans([asked(1), said(2), asked(3), said(4)]) == [(1, 2, "start"), (3, 4, "request")]


def test_what_the_program_says_first_belongs_to_the_first_request() -> None:
    assert spans([told(1), told(2), asked(3), said(4)]) == [(1, 4, "start")]


def test_after_a_commit_the_next_work_begins_one_and_words_do_not() -> None:
    steps = [asked(1), did(2, call(Deed.COMMIT)), said(3), did(4, call(Deed.EDIT)), said(5)]

    assert spans(steps) == [(1, 3, "start"), (4, 5, "commit")]


def test_a_commit_that_failed_ends_nothing() -> None:
    steps = [asked(1), did(2, call(Deed.COMMIT, is_failed=True)), did(3, call(Deed.EDIT))]

    assert spans(steps) == [(1, 3, "start")]


def test_a_helpers_commit_and_requests_end_nothing() -> None:
    helped = did(2, call(Deed.COMMIT), helper="a")
    steps = [asked(1), helped, did(3, call(Deed.EDIT), helper="a"), did(4, call(Deed.EDIT))]

    assert spans(steps) == [(1, 4, "start")]


def test_a_long_pause_begins_one() -> None:
    late = PAUSE_MS + 1
    steps = [asked(1, moment=0), said(2, moment=1), said(3, moment=1 + late), said(4, moment=late)]

    assert spans(steps) == [(1, 2, "start"), (3, 4, "pause")]
    assert spans([asked(1, moment=0), said(2, moment=PAUSE_MS)]) == [(1, 2, "start")]


def test_its_intent_is_what_was_asked_for_and_then_what_the_model_says() -> None:
    first, second = bursts_of(
        [
            asked(1, "Fix the upload"),
            did(2, call(Deed.COMMIT)),
            did(3, call(Deed.EDIT), words="Now the docs"),
        ]
    )

    assert (first.intent, second.intent) == ("Fix the upload", "Now the docs")
    assert second.request is not None
    assert second.request.number == 1


def test_its_sums_are_those_of_its_steps() -> None:
    (burst,) = bursts_of(
        [
            asked(1, moment=1000),
            did(2, call(Deed.READ, files=("a", "b")), tokens=5, cost_usd=0.1, moment=2000),
            did(3, call(Deed.EDIT, files=("b",)), tokens=6, cost_usd=0.2, moment=4500),
        ]
    )

    assert (burst.kind, burst.files, burst.tokens) == (Deed.EDIT, ("a", "b"), 11)
    assert (burst.cost_usd, burst.seconds) == (0.3, 3.5)


def test_a_cost_that_nobody_said_makes_the_sum_unknown() -> None:
    (burst,) = bursts_of([asked(1), said(2, tokens=5, cost_usd=None)])

    assert burst.cost_usd is None


@given(
    st.lists(
        st.tuples(
            st.sampled_from([asked, said, told, lambda n, **m: did(n, call(Deed.COMMIT), **m)]),
            st.none() | st.integers(0, 10 * PAUSE_MS),
            st.sampled_from([None, "helper"]),
        ),
        max_size=30,
    )
)
def test_each_step_is_in_exactly_one_burst_and_one_turn(made: list[tuple[object, ...]]) -> None:
    steps = [
        make(number, moment=moment, helper=helper)  # type: ignore[operator]
        for number, (make, moment, helper) in enumerate(made, 1)
    ]

    assert [each for burst in bursts_of(steps) for each in burst.steps] == steps
    assert [each for turn in turns_of(steps) for each in turn.steps] == steps
