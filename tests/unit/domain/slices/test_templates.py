"""Which steps each template takes."""

from collections.abc import Sequence

import pytest

from opentraces.domain.activity.course import Passed
from opentraces.domain.activity.deed import Deed, SuiteRun
from opentraces.domain.slices.templates import Template, around, by_numbers, by_template
from tests.unit.domain.activity.steps import asked, call, did, said

BAD = SuiteRun("pytest", 1, 1, 0, is_good=False)
GOOD = SuiteRun("pytest", 2, 0, 0, is_good=True)

COURSE = (
    asked(1, "Mend it"),
    did(2, call(Deed.READ, "src/a.py", files=("src/a.py",))),
    did(3, call(Deed.READ, "b.py", files=("b.py",))),
    did(4, call(Deed.EDIT, "a.py", files=("/home/src/a.py",))),
    did(5, call(Deed.TEST, "pytest", test=BAD, is_failed=True)),
    did(6, call(Deed.EDIT, "a.py", files=("/home/src/a.py",))),
    did(7, call(Deed.TEST, "pytest -x", test=GOOD)),
    said(8),
    asked(9, "Describe it"),
    did(10, call(Deed.EDIT, "c.md", files=("c.md",), is_failed=True)),
    did(11, call(Deed.COMMAND, "ls")),
    said(12),
)


def numbers(template: Template, steps: Sequence[Passed] = COURSE) -> list[list[int]]:
    return [[step.number for step in chosen.steps] for chosen in by_template(template, steps)]


def test_turns_and_bursts_hold_all() -> None:
    assert numbers("turns") == [list(range(1, 9)), list(range(9, 13))]
    assert numbers("bursts") == numbers("turns")


def test_an_edit_comes_with_the_look_before_and_the_test_after_it() -> None:
    assert numbers("edits") == [[2, 4, 5], [6, 7]]


def test_an_error_goes_up_to_where_it_is_mended_or_answered() -> None:
    assert numbers("errors") == [[5, 6, 7], [10, 11]]


def test_a_file_of_the_same_name_elsewhere_is_another_file() -> None:
    course = [
        asked(1),
        did(2, call(Deed.READ, files=("lib/a.py",))),
        did(3, call(Deed.READ, files=("./src\\a.py",))),
        did(4, call(Deed.EDIT, files=("/home/lib/a.py",))),
        did(5, call(Deed.EDIT, files=("/home/src/a.py",))),
        did(6, call(Deed.EDIT, files=("a.py",), is_failed=True)),
        did(7, call(Deed.EDIT, files=("b/a.py",))),
    ]

    assert numbers("edits", course) == [[2, 4], [3, 5], [7]]
    assert numbers("errors", course) == [[6, 7]]


def test_tests_that_failed_behind_a_pipe_are_an_error() -> None:
    course = [
        asked(1),
        did(2, call(Deed.TEST, "pytest | tail", test=BAD)),
        did(3, call(Deed.EDIT, files=("a.py",))),
        did(4, call(Deed.TEST, "pytest | tail", test=GOOD)),
    ]

    assert numbers("errors", course) == [[2, 3, 4]]


def test_each_slice_knows_which_step_it_is_about() -> None:
    def about(template: Template) -> list[int | None]:
        return [chosen.about and chosen.about.number for chosen in by_template(template, COURSE)]

    assert about("edits") == [4, 6]
    assert about("errors") == [5, 10]
    assert about("tests") == [5, 7]
    assert about("turns") == about("bursts") == [None, None]
    (chosen,) = around(5, COURSE)
    assert chosen.about == COURSE[4]


def test_around_a_step_is_told_what_that_step_was_asked_for() -> None:
    (chosen,) = around(10, COURSE)

    assert chosen.first == 7
    assert chosen.request == COURSE[8]


def test_a_run_of_tests_comes_with_what_was_changed_before_it() -> None:
    assert numbers("tests") == [[4, 5], [6, 7]]


@pytest.mark.parametrize("template", ["edits", "errors", "tests"])
def test_a_session_without_any_has_no_slice(template: Template) -> None:
    assert numbers(template, [asked(1), said(2)]) == []


def test_steps_are_taken_by_number_with_what_they_serve() -> None:
    (chosen,) = by_numbers(6, 7, COURSE)

    assert (chosen.first, chosen.last) == (6, 7)
    assert chosen.request == COURSE[0]
    assert by_numbers(13, 20, COURSE) == ()


def test_a_step_comes_with_three_on_each_side() -> None:
    assert [step.number for step in around(5, COURSE)[0].steps] == list(range(2, 9))
    assert [step.number for step in around(1, COURSE)[0].steps] == list(range(1, 5))
    assert around(99, COURSE) == ()
