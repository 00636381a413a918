"""One account of a change out of the agent's own lines and a hook's."""

import pytest

from opentraces.domain.trail.file_change import FileChange, Hunk, Method, TextPlace
from opentraces.domain.trail.hook_changes import joined_change, wants_hook

PATH = "/w/a.py"
HERE = TextPlace(source=0, offset=7, length=90, pointer="/toolUseResult/content")
THERE = TextPlace(source=3, offset=400, length=9000, pointer="/event/tool_response/originalFile")
PLACED = Hunk(old_start=7, new_start=7, lines=("-    return 1", "+    return 2"))
PART = Hunk(lines=("-return 1", "+return 2"))


def told(*limitations: str, methods: tuple[Method, ...] = ("tool_result",)) -> FileChange:
    """Return a change as the agent's own lines have it."""
    return FileChange(
        call="c1",
        path=PATH,
        operation="edit",
        moment=1_000,
        had_file=True,
        hunks=(PLACED,) if methods == ("tool_result",) else (PART,),
        methods=methods,
        limitations=limitations,
    )


HEARD = told(methods=("hook_response",)).but(moment=None, before=THERE, hunks=(PLACED,))
ASKED = told("before_unknown", "partial_lines", "place_unknown", methods=("tool_input",))


@pytest.mark.parametrize(
    ("change", "wanted"),
    [
        (told(), False),
        (told("user_modified"), False),
        (told("before_unknown"), True),
        (told("indent_unknown", "user_modified"), True),
        (told(methods=("tool_input",)), True),
        (ASKED, True),
    ],
)
def test_hooks_are_asked_for_what_is_open(change: FileChange, wanted: bool) -> None:
    assert wants_hook(change) is wanted


def test_content_before_is_where_the_hook_was_told_of_it() -> None:
    joined = joined_change(told("before_unknown"), HEARD)

    assert joined == told().but(before=THERE, methods=("hook_response", "tool_result"))


def test_places_in_the_agents_own_lines_stand() -> None:
    written = told("before_unknown").but(after=HERE)

    joined = joined_change(written, HEARD.but(after=THERE))

    assert (joined.before, joined.after) == (THERE, HERE)


def test_hook_that_knows_no_more_changes_nothing() -> None:
    open_still = HEARD.but(before=None, limitations=("before_unknown",))

    for change in (told("before_unknown"), told()):
        assert joined_change(change, open_still) is change


@pytest.mark.parametrize("update", [{"path": "/w/b.py"}, {"operation": "write"}])
def test_hook_that_tells_of_something_else_changes_nothing(update: dict[str, str]) -> None:
    change = told("before_unknown")

    assert joined_change(change, HEARD.but(**update)) is change


def test_what_a_person_changed_is_said_by_both() -> None:
    heard = HEARD.but(limitations=("user_modified",))

    assert joined_change(told("before_unknown"), heard).limitations == ("user_modified",)


def test_call_that_was_done_as_asked_is_told_by_both() -> None:
    joined = joined_change(ASKED, HEARD)

    assert (joined.call, joined.number, joined.moment) == ("c1", 0, 1_000)
    assert (joined.hunks, joined.before, joined.limitations) == ((PLACED,), THERE, ())
    assert joined.methods == ("hook_response", "tool_input")


def test_call_that_was_rewritten_is_told_by_the_hook_alone() -> None:
    other = Hunk(old_start=7, new_start=7, lines=("-    return 1", "+    return 3"))

    for update in ({"hunks": (other,)}, {"path": "/w/b.py"}):
        joined = joined_change(ASKED, HEARD.but(**update))
        assert joined.methods == ("hook_response",)
        assert (joined.path, joined.hunks) == (
            update.get("path", PATH),
            update.get("hunks", (PLACED,)),
        )
