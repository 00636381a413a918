"""Where a session can be cut."""

from collections.abc import Iterable

import pytest

from opentraces.domain.resuming.cutting import Cut, LineMarks, Obstacle, cuts, nearest


def prompt(name: str, follows: str | None = None) -> LineMarks:
    return LineMarks(name, follows, is_said=True, is_prompt=True)


def answer(name: str, message: str, *calls: str) -> LineMarks:
    return LineMarks(name, message=message, calls=calls, is_said=True)


def result(name: str, *calls: str) -> LineMarks:
    return LineMarks(name, results=calls, is_said=True)


def beside(name: str, follows: str | None = None) -> LineMarks:
    """A line that nobody said, such as an attachment."""
    return LineMarks(name, follows)


NOTE = LineMarks()
BATCH = (
    prompt("p"),
    answer("a1", "m1", "c1"),
    answer("a2", "m1", "c2"),
    result("r1", "c1"),
    beside("x"),
    result("r2", "c2"),
    answer("b", "m2"),
)


def cut(lines: Iterable[LineMarks], *steps: str) -> dict[str, tuple[int, Obstacle | None]]:
    """Where each step is cut, by the name of its first line."""
    found = cuts(lines, {name: [number] for number, name in enumerate(steps, 1)})
    return {name: (found[n].end, found[n].obstacle) for n, name in enumerate(steps, 1)}


def test_what_is_before_a_step_is_kept() -> None:
    found = cut([prompt("p"), beside("x"), answer("a", "m1"), prompt("q"), NOTE], "a", "q")

    assert found == {"a": (2, None), "q": (3, None)}


def test_lines_that_are_not_taken_along_count() -> None:
    found = cut([NOTE, prompt("p"), NOTE, NOTE, answer("a", "m1")], "a")

    assert found == {"a": (2, None)}


def test_before_the_first_words_nothing_is_to_be_gone_on_with() -> None:
    found = cut([NOTE, beside("x"), prompt("p"), answer("a", "m1")], "x", "p", "a")

    nothing = Obstacle.NOTHING_BEFORE
    assert found == {"x": (0, nothing), "p": (2, nothing), "a": (3, None)}


def test_between_results_of_one_message_there_is_no_cut() -> None:
    assert cut(BATCH, "a1", "x", "b") == {
        "a1": (1, None),
        "x": (4, Obstacle.IN_CALLS),
        "b": (6, None),
    }


def test_before_later_calls_of_one_message_there_is_no_cut() -> None:
    lines = [prompt("p"), answer("a1", "m1", "c1"), result("r1", "c1"), prompt("x")]
    lines += [answer("a2", "m1", "c2"), result("r2", "c2"), answer("b", "m2")]

    assert cut(lines, "x", "b") == {"x": (3, Obstacle.IN_CALLS), "b": (6, None)}


def test_a_later_line_of_a_message_is_in_its_middle() -> None:
    assert cut(BATCH, "a2") == {"a2": (2, Obstacle.IN_MESSAGE)}


def test_a_call_that_never_got_a_result_is_no_obstacle() -> None:
    lines = [prompt("p"), answer("a", "m1", "c1"), prompt("q"), answer("b", "m2", "c2")]
    lines += [result("r", "c2"), answer("c", "m3")]

    assert cut(lines, "q", "b", "c") == {"q": (2, None), "b": (3, None), "c": (5, None)}


def test_a_result_that_comes_after_the_next_message_is_an_obstacle() -> None:
    lines = [prompt("p"), answer("a", "m1", "c1"), answer("b", "m2"), result("r", "c1")]

    assert cut(lines, "b") == {"b": (2, Obstacle.IN_CALLS)}


def test_a_compaction_is_not_parted_from_its_summary() -> None:
    ends = LineMarks("e", awaits_summary=True)
    summary = LineMarks("s", "e", is_said=True)
    lines = [prompt("p"), answer("a", "m1"), ends, summary, prompt("q")]

    assert cut(lines, "e", "s", "q") == {
        "e": (2, None),
        "s": (3, Obstacle.IN_COMPACTION),
        "q": (4, None),
    }


def test_a_prompt_that_goes_back_is_cut_where_it_goes_on_from() -> None:
    lines = [prompt("p"), answer("a", "m1"), prompt("q", "a"), answer("b", "m2")]
    lines += [prompt("r", "a"), answer("c", "m3")]

    assert cut(lines, "q", "r", "c") == {"q": (2, None), "r": (2, None), "c": (5, None)}


def test_a_prompt_that_goes_back_over_one_without_an_answer_is_cut_there_too() -> None:
    lines = [prompt("p"), answer("a", "m1"), prompt("q", "a"), prompt("r", "a")]

    assert cut(lines, "r") == {"r": (2, None)}


@pytest.mark.parametrize("follows", ["b", "z", None, "x"])
def test_a_prompt_that_goes_on_is_cut_where_it_stands(follows: str | None) -> None:
    lines = [prompt("p"), answer("b", "m1"), beside("x", "b"), prompt("q", follows)]

    assert cut(lines, "q") == {"q": (3, None)}


def test_lines_of_a_sub_agent_among_the_sessions_change_nothing() -> None:
    aside = LineMarks("h", message="mh", calls=("ch",), is_said=True, is_aside=True)
    lines = [prompt("p"), answer("a", "m1", "c1"), aside, result("r", "c1"), answer("b", "m2")]

    assert cut(lines, "h", "b") == {"h": (2, Obstacle.SUB_AGENT), "b": (4, None)}


def test_of_a_line_that_stands_there_twice_the_first_counts() -> None:
    lines = [prompt("p"), answer("a", "m1"), prompt("q"), answer("b", "m2"), prompt("q")]

    assert cut(lines, "q") == {"q": (2, None)}


def test_a_step_without_a_line_cannot_be_cut_at() -> None:
    assert cut(BATCH, "b", "nowhere")["nowhere"] == (0, Obstacle.NO_LINE)


def test_two_steps_of_one_line_are_cut_at_the_same_place() -> None:
    assert cuts(BATCH, {"b": [4, 5]}) == {4: Cut(4, 6), 5: Cut(5, 6)}


def test_the_nearest_steps_are_those_that_can_be_cut_at() -> None:
    found = {
        number: Cut(number, number, None if number in (2, 4, 8) else Obstacle.IN_CALLS)
        for number in range(1, 10)
    }

    assert nearest(found, 6) == (4, 8)
    assert nearest(found, 1) == (None, 2)
    assert nearest(found, 9) == (8, None)
    assert nearest({}, 1) == (None, None)
