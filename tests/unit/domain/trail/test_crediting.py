"""Who is credited with the lines of a commit, and when nobody is."""

import pytest

from opentraces.adapters.memory.text_diff import MemoryTextDiff
from opentraces.domain.trail.crediting import Crediting
from tests.unit.domain.trail.history import FILE, History, text

IMPORT = "import collections"
HEAD = "def unrelated_function():"
NEW = "    return compute_the_total(items)"
OTHER = "    raise ValueError('no items given')"
BASE = text(IMPORT, HEAD)
DONE = text(IMPORT, HEAD, NEW)


@pytest.fixture
def history() -> History:
    return History()


def test_the_step_that_wrote_a_line_is_credited(history: History) -> None:
    history.edits("p", BASE, DONE)
    history.commit(BASE, DONE)

    assert history.last() == [(NEW, "p")]


def test_lines_of_a_person_between_are_nobodys(history: History) -> None:
    history.edits("p", BASE, DONE)
    history.commit(BASE, text(IMPORT, HEAD, OTHER, NEW))

    assert history.last() == [(NEW, "p")]


def test_of_two_steps_each_has_its_own(history: History) -> None:
    history.edits("p", BASE, DONE)
    history.edits("q", DONE, text(IMPORT, HEAD, OTHER, NEW))
    history.commit(BASE, text(IMPORT, HEAD, OTHER, NEW))

    assert history.last() == [(OTHER, "q"), (NEW, "p")]


def test_what_was_written_after_the_commit_is_not_in_it(history: History) -> None:
    history.commit(BASE, DONE)
    history.edits("p", BASE, DONE)

    assert history.last() == []


def test_a_line_that_was_seen_to_be_gone_is_not_credited(history: History) -> None:
    history.edits("p", BASE, DONE)
    history.sees(BASE)
    history.commit(BASE, DONE)

    assert history.last() == []


def test_a_line_that_two_steps_wrote_is_ambiguous(history: History) -> None:
    history.edits("p", BASE, DONE)
    history.edits("q", BASE, DONE, at="/other")
    history.commit(BASE, DONE)

    assert history.last() == []


def test_a_line_that_came_without_a_step_as_well_is_ambiguous(history: History) -> None:
    history.edits("p", BASE, DONE)
    history.sees(text(NEW, IMPORT, HEAD, NEW))
    history.sees(DONE)
    history.commit(BASE, DONE)

    assert history.last() == []


def test_boilerplate_is_never_credited_alone(history: History) -> None:
    history.edits("p", BASE, text(IMPORT, HEAD, "}"))
    history.commit(BASE, text(IMPORT, HEAD, "}"))

    assert history.last() == []


def test_boilerplate_is_credited_beside_a_telling_line(history: History) -> None:
    after = text(IMPORT, HEAD, NEW, "}")
    history.edits("p", BASE, after)
    history.commit(BASE, after)

    assert history.last() == [(NEW, "p"), ("}", "p")]


def test_a_line_that_the_file_held_before_does_not_tell(history: History) -> None:
    before = text(NEW, IMPORT, HEAD)
    after = text(NEW, IMPORT, HEAD, NEW)
    history.edits("p", before, after)
    history.commit(before, after)

    assert history.last() == []


def test_more_of_a_line_than_the_step_wrote_is_ambiguous(history: History) -> None:
    history.edits("p", BASE, DONE)
    history.commit(BASE, text(NEW, IMPORT, HEAD, NEW))

    assert history.last() == []


def test_only_what_was_staged_is_credited(history: History) -> None:
    history.edits("p", BASE, text(OTHER, IMPORT, HEAD, NEW))
    history.commit(BASE, DONE)

    assert history.last() == [(NEW, "p")]


def test_another_file_with_the_same_line_is_not_credited(history: History) -> None:
    history.edits("p", BASE, DONE)
    history.commit(BASE, DONE, path="other.py")

    assert history.last() == []


def test_a_renamed_file_keeps_its_lines(history: History) -> None:
    history.edits("p", BASE, DONE)
    history.commit(BASE, DONE, path="new.py", was="app.py")

    assert history.last() == [(NEW, "p")]


def test_what_was_in_the_parent_is_not_credited_again(history: History) -> None:
    history.edits("p", BASE, DONE)
    history.commit(BASE, DONE)
    history.commit(DONE, text(IMPORT, HEAD, NEW, OTHER))

    assert history.last() == []


def test_a_rebased_commit_carries_its_lines_over(history: History) -> None:
    history.edits("p", BASE, DONE)
    history.commit(BASE, DONE)
    authored = history.commits[-1].authored
    history.sees(BASE)
    upstream = text("import os", IMPORT, HEAD)
    history.commit(
        upstream, text("import os", IMPORT, HEAD, NEW), authored=authored, parents=("upstream",)
    )

    assert history.last() == [(NEW, "p")]


def test_another_commit_of_the_same_second_is_no_copy(history: History) -> None:
    """As where a script commits in two clones."""
    history.edits("p", BASE, DONE)
    history.commit(BASE, DONE)
    authored = history.commits[-1].authored
    history.sees(BASE)
    upstream = text("import os", IMPORT, HEAD)
    history.commit(
        upstream,
        text("import os", IMPORT, HEAD, NEW),
        authored=authored,
        parents=("upstream",),
        subject="another change",
    )

    assert history.last() == []


def test_an_amended_commit_is_made_from_the_worktree(history: History) -> None:
    """A person may have typed a line again that was seen to be gone."""
    history.edits("p", BASE, DONE)
    history.commit(BASE, DONE)
    authored = history.commits[-1].authored
    history.sees(BASE)
    history.commit(BASE, text(IMPORT, OTHER, HEAD, NEW), authored=authored)

    assert history.last() == []


def test_line_ends_that_git_leaves_out_do_not_count(history: History) -> None:
    history.edits("p", BASE.replace(b"\n", b"\r\n"), DONE.replace(b"\n", b"\r\n"))
    history.commit(BASE, DONE)

    assert history.last() == [(NEW, "p")]


def test_lines_of_a_place_that_was_not_told_are_found_by_their_run(history: History) -> None:
    history.puts("p", "+" + NEW, "+" + OTHER)
    history.commit(BASE, text(IMPORT, HEAD, NEW, OTHER))

    assert history.last() == [(NEW, "p"), (OTHER, "p")]


def test_a_run_is_found_without_the_empty_lines_at_its_ends(history: History) -> None:
    history.sees(text(IMPORT, "", "", HEAD))
    history.sees(text(IMPORT, "", "", ""))
    history.puts("p", "+", "+", f"+{NEW}", f"+{OTHER}", "+")
    history.commit(text(IMPORT), text(IMPORT, "", "", "", NEW, OTHER, "", HEAD))

    assert history.last() == [(NEW, "p"), (OTHER, "p")]


def test_what_was_put_somewhere_into_a_file_goes_with_it(history: History) -> None:
    history.puts("p", f"+{NEW}")
    history.moves("q", FILE, "moved.py", f" {NEW}", f"+{OTHER}")
    history.commit(None, text(NEW, OTHER), path="moved.py")

    assert history.last() == [(NEW, "p"), (OTHER, "q")]


def test_a_replaced_string_is_put_into_what_was_seen(history: History) -> None:
    history.sees(DONE)
    history.puts("p", "-items)", "+every_item_there_is)")
    done = text(IMPORT, HEAD, "    return compute_the_total(every_item_there_is)")
    history.commit(DONE, done)

    assert history.last() == [("    return compute_the_total(every_item_there_is)", "p")]


def test_a_whole_file_that_was_written_is_credited_with_what_the_parent_lacks(
    history: History,
) -> None:
    history.writes("p", DONE)
    history.commit(BASE, DONE)

    assert history.last() == [(NEW, "p")]


def test_a_line_that_stood_in_the_replaced_string_is_not_credited(history: History) -> None:
    history.puts("p", f"-{OTHER}", f"+{OTHER}", f"+{NEW}")
    history.commit(BASE, text(IMPORT, HEAD, OTHER, NEW))

    assert history.last() == [(NEW, "p")]


def test_of_a_file_told_after_an_edit_only_its_hunks_are_credited(history: History) -> None:
    history.puts("p", f" {HEAD}", f"+{NEW}", after=text(OTHER, HEAD, NEW))
    history.commit(None, text(OTHER, HEAD, NEW))

    assert history.last() == [(NEW, "p")]


def test_where_hunks_fit_in_two_places_the_rest_of_the_file_is_not_credited(
    history: History,
) -> None:
    history.puts("p", f"+{NEW}", after=text(OTHER, NEW, HEAD, NEW))
    history.commit(None, text(OTHER, NEW, HEAD, NEW))

    assert history.last() == []


def test_a_run_does_not_take_in_a_line_that_another_step_wrote(history: History) -> None:
    both = "    raise NotImplementedError(name)"
    first = text(IMPORT, HEAD, NEW, both)
    history.edits("p", BASE, first)
    history.edits("q", BASE, text(IMPORT, both, HEAD), at="/other")
    history.commit(BASE, first)

    assert history.last() == [(NEW, "p")]


def tiers(history: History) -> set[str]:
    """How the lines of the last commit are tied."""
    crediting = Crediting(history.actions, MemoryTextDiff().edits)
    found = [crediting.take(commit, history.texts) for commit in history.commits]
    return {credit.tier for credit in found[-1]}


def test_a_line_that_a_formatter_indented_is_tied_by_its_text_alone(history: History) -> None:
    history.edits("p", BASE, DONE)
    formatted = text(IMPORT, HEAD, "\t" + NEW.strip().replace("(items)", "( items )"))
    history.commit(BASE, formatted)

    assert [patch for _, patch in history.last()] == ["p"]
    assert tiers(history) == {"formatter_divergent"}


def test_a_line_that_was_in_the_parent_and_is_indented_now_is_not_credited(
    history: History,
) -> None:
    before = text(IMPORT, HEAD, NEW)
    history.edits("p", before, text(IMPORT, HEAD, NEW, NEW))
    history.commit(before, text(IMPORT, HEAD, "    " + NEW))

    assert history.last() == []


def test_a_formatted_line_that_two_steps_wrote_is_ambiguous(history: History) -> None:
    history.edits("p", BASE, DONE)
    history.edits("q", BASE, text(IMPORT, HEAD, "  " + NEW), at="/other")
    history.commit(BASE, text(IMPORT, HEAD, "\t" + NEW.strip()))

    assert history.last() == []


def test_a_line_that_stood_before_and_was_indented_beside_new_ones_is_nobodys(
    history: History,
) -> None:
    before = text(IMPORT, HEAD, OTHER)
    history.writes("p", text(IMPORT, HEAD, NEW, OTHER))
    history.commit(before, text(IMPORT, HEAD, "\t" + NEW, "\t" + OTHER))

    assert history.last() == [("\t" + NEW, "p")]
