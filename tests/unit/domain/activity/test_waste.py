"""What filled the context for nothing, and what did not."""

from opentraces.domain.activity.deed import Deed
from opentraces.domain.activity.waste import Waste, waste_of
from tests.unit.domain.activity.steps import asked, call, did, said

TEXT = "def upload(name):\n    return name\n" * 10
ABOUT = len(TEXT) // 4


def test_what_was_read_twice_and_was_the_same_is_waste() -> None:
    look = call(Deed.READ, "a.py", output=TEXT)

    assert waste_of([did(1, look), said(2), did(3, look)]) == (
        Waste("repeated_read", "a.py", (1, 3), ABOUT),
    )


def test_what_was_changed_in_between_or_forgotten_is_none() -> None:
    look = call(Deed.READ, "a.py", output=TEXT)
    other = look._replace(output=f"{TEXT}more")

    assert waste_of([did(1, look), did(2, other)]) == ()
    assert waste_of([did(1, look), did(2, call(Deed.COMPACTION)), did(3, look)]) == ()
    assert waste_of([did(1, look), did(2, look, helper="a")]) == ()
    assert waste_of([did(1, look), did(2, look, is_left=True)]) == ()


def test_what_was_read_again_after_its_file_was_edited_is_none() -> None:
    look = call(Deed.READ, "a.py", output=TEXT, files=("/work/a.py",))
    edit = call(Deed.EDIT, files=("a.py",))
    other = call(Deed.EDIT, files=("b.py",))
    helped = call(Deed.SUBAGENT, "Tidy up")

    assert waste_of([did(1, look), did(2, edit), did(3, look)]) == ()
    assert waste_of([did(1, look), did(2, helped), did(3, look)]) == ()
    for between in (other, edit._replace(is_failed=True), call(Deed.COMMIT)):
        (waste,) = waste_of([did(1, look), did(2, between), did(3, look)])
        assert waste.steps == (1, 3)


def test_what_was_searched_again_after_any_change_is_none() -> None:
    look = call(Deed.SEARCH, "git status", output=TEXT)

    assert waste_of([did(1, look), did(2, look)]) != ()
    assert waste_of([did(1, look), did(2, call(Deed.COMMIT)), did(3, look)]) == ()
    assert waste_of([did(1, look), did(2, call(Deed.EDIT, files=("b",))), did(3, look)]) == ()


def test_what_failed_again_with_nothing_changed_is_waste() -> None:
    run = call(Deed.TEST, "pytest", output=TEXT, is_failed=True)

    assert waste_of([did(1, run), did(2, run), did(3, run)]) == (
        Waste("failing_loop", "pytest", (1, 2, 3), 2 * ABOUT),
    )


def test_a_failure_after_an_edit_or_a_success_is_none() -> None:
    run = call(Deed.TEST, "pytest", output=TEXT, is_failed=True)
    good = run._replace(is_failed=False)

    assert waste_of([did(1, run), did(2, call(Deed.EDIT)), did(3, run)]) == ()
    assert waste_of([did(1, run), did(2, good), did(3, run)]) == ()
    assert waste_of([did(1, run), did(2, call(Deed.EDIT, is_failed=True)), did(3, run)]) != ()


def large(word: str = "needle") -> str:
    return " ".join(f"{word}{chr(97 + n % 26)}{chr(97 + n // 26)}" for n in range(600)) * 3


def test_a_large_output_of_which_nothing_comes_up_again_is_waste() -> None:
    text = large()
    steps = [
        asked(1, "Look"),
        did(2, call(Deed.COMMAND, "dump", output=text)),
        said(3, "Well then"),
    ]

    assert waste_of(steps) == (Waste("unused_output", "dump", (2,), len(text) // 4),)


def test_one_of_which_a_word_comes_up_or_after_which_nothing_comes_is_none() -> None:
    look = did(2, call(Deed.COMMAND, "dump", output=large()))
    asked_for = did(3, call(Deed.SEARCH, "grep", given=(("pattern", "needlecc"),)))

    assert waste_of([asked(1), look, said(3, "It is needleab")]) == ()
    assert waste_of([asked(1), look, asked_for]) == ()
    assert waste_of([asked(1), look]) == ()
    assert waste_of([asked(1), did(2, call(Deed.COMMAND, output="short")), said(3)]) == ()
